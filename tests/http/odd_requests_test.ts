import { assert, assertEquals } from "@std/assert";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { describeApi } from "../../lib/http/openapi.ts";
import type { Database } from "../../lib/store/database.ts";
import { refreshSearch } from "../../lib/store/write/search_index.ts";
import { createApp } from "../../main.ts";
import { cannedGit } from "../support/canned_git.ts";
import { filesBelow } from "../support/compiled.ts";
import { withFileRoutes } from "../support/file_routes.ts";
import { hashOf, projectIdOf, repositoryIdOf, seedStore, sessionIdOf } from "../support/seed.ts";
import { localRequest, presetServices } from "../support/services.ts";
import { ODD_BODIES, ODD_HEADERS, ODD_VALUES } from "./odd_values.ts";
import { FULL, report, SEED, seededRandom } from "../support/harness.ts";

const API = describeApi();

/** How many requests are made in all. */
const REQUESTS = FULL ? 10_000 : 400;

/** Pages with the parameters that they know; those of the API are in its description. */
const PAGES: Record<string, string[]> = {
  "/": ["range", "from", "to", "repository", "timeZone"],
  "/sessions": ["text", "cursor", "repository", "project", "from", "to", "sort", "hasCommits"],
  "/sessions/{session}": ["prompt", "prompts"],
  "/commits": ["text", "cursor", "repository", "author", "state", "from", "to", "order"],
  "/commits/{hash}": ["repository"],
  "/edits": ["landed", "repository", "session", "path", "text", "from", "to", "cursor", "limit"],
  "/projects": ["cursor"],
  "/projects/{id}": ["cursor", "sort", "order", "text"],
  "/repositories": ["cursor"],
  "/repositories/{id}": [],
  "/repositories/{id}/files": ["path", "at"],
  "/repositories/{id}/blame": ["path", "at", "line", "goto", "from"],
  "/search": ["q"],
  "/settings": ["saved"],
  "/sync": [],
  "/help": [],
  "/{any}": ["x"],
};

const WRITES = ["/settings", "/sync", "/repositories", "/api/settings/git-sync-interval"];
WRITES.push("/api/repositories/aliases", "/api/sync/git", "/api/data", "/api/indexing/rebuild");

describe("whatever is asked", () => {
  let db: Database;
  let handler: (request: Request) => Promise<Response>;
  const faults: unknown[] = [];
  const { error: print } = console;

  beforeAll(async () => {
    db = seedStore({ sessions: 30, commits: 100, repositories: 3 });
    await refreshSearch(db);
    const services = { ...presetServices(db), git: cannedGit(hashOf(3)) };
    handler = (await withFileRoutes(createApp(services))).handler();
    console.error = (fault: unknown) => faults.push(fault);
  });
  afterAll(() => {
    console.error = print;
    db[Symbol.dispose]();
  });

  it("is asked of every page", () => {
    const asked = Object.keys(PAGES).map((path) => path.replace("{session}", "{id}"));
    for (const route of filesBelow("routes")) {
      const file = route.slice("routes/".length);
      if (/^api\/|(?:^|\/)_/.test(file)) continue;
      const path = `/${file}`.replace(/(?:\/index)?\.tsx?$/, "").replaceAll(/\[(\w+)\]/g, "{$1}");
      assert(asked.includes(path || "/") || path in API.paths, path);
    }
  });

  it("is answered, and breaks nothing", async () => {
    const random = seededRandom("requests");
    const one = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)];
    const api = Object.entries(API.paths).filter(([, { get }]) => get !== undefined)
      .map(([path, { get }]) => [path, (get.parameters ?? []).map(({ name }) => name)] as const);
    const routes = [...api, ...Object.entries(PAGES)];
    const usual: Record<string, () => string> = {
      id: () => one([repositoryIdOf, projectIdOf])(1 + Math.floor(random() * 3)),
      hash: () => hashOf(1 + Math.floor(random() * 90)),
      session: () => sessionIdOf(1 + Math.floor(random() * 30)),
      any: () => one(["none", "api", "base.css", "_fresh"]),
    };
    const tally: Record<number, number> = {};

    for (let made = 0; made < REQUESTS; made++) {
      const writing = random() < 0.1;
      const [path, names] = writing ? [one(WRITES), []] as const : one(routes);
      const filled = path.replaceAll(/\{(\w+)\}/g, (_, name) => {
        return random() < 0.3 ? one(ODD_VALUES) : usual[name]();
      });
      const query = Array.from({ length: Math.floor(random() * 4) }, () => {
        return `${names.length === 0 ? "x" : one(names)}=${one(ODD_VALUES)}`;
      });
      const address = query.length === 0 ? filled : `${filled}?${query.join("&")}`;
      const method = writing
        ? one(["POST", "PUT", "DELETE", "PATCH"])
        : one(["GET", "GET", "GET", "GET", "HEAD", "OPTIONS"]);
      const type = one(["application/json", "application/x-www-form-urlencoded", "text/plain"]);
      const request = localRequest(address, {
        method,
        headers: {
          ...(random() < 0.3 && one(ODD_HEADERS)),
          ...(writing && { origin: "http://127.0.0.1:47892", "content-type": type }),
        },
        body: writing ? one(ODD_BODIES) : undefined,
      });
      const response = await handler(request);
      const { status, headers } = response;
      tally[status] = (tally[status] ?? 0) + 1;
      const text = headers.get("content-type") === "text/event-stream"
        ? (await response.body?.cancel(), "")
        : await response.text();
      const what = `${method} ${address.slice(0, 300)}, seed ${SEED}: ${status} ${
        text.slice(0, 300)
      }`;
      assertEquals(faults.splice(0), [], what);
      assert(status < 500, what);
      assert(
        headers.has("content-security-policy") && !/\ba=1/.test(headers.get("set-cookie") ?? ""),
        what,
      );
      if (
        status < 400 || method === "HEAD" ||
        !/^\/+(api\/|metrics$)/.test(new URL(request.url).pathname)
      ) continue;
      const { error, message } = JSON.parse(text);
      assert(typeof error === "string" && /^\S.*\.$/s.test(message), what);
    }
    report(`requests: ${REQUESTS} made: ${JSON.stringify(tally)}`);
  });
});
