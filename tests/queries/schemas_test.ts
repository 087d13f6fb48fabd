import { assert, assertEquals } from "@std/assert";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import type { CommitHash } from "../../lib/domain/ids.ts";
import { contextOf } from "../../lib/http/api.ts";
import { ALL_QUERIES, ALL_STREAMS } from "../../lib/queries/all.ts";
import { commits } from "../../lib/queries/commits.ts";
import { everyItem, type Input, type Query, type QueryName } from "../../lib/queries/query.ts";
import { QUERY_SCHEMAS, STREAM_SCHEMAS } from "../../lib/queries/schemas.ts";
import { session } from "../../lib/queries/sessions.ts";
import { type Database, openDatabase } from "../../lib/store/database.ts";
import type { ProjectId } from "../../lib/domain/ids.ts";
import { refreshSearch } from "../../lib/store/write/search_index.ts";
import { cannedGit } from "../support/canned_git.ts";
import { hashOf, projectIdOf, repositoryIdOf, seedStore, sessionIdOf } from "../support/seed.ts";
import { presetServices } from "../support/services.ts";

const id = repositoryIdOf(1);
const project = projectIdOf(1) as ProjectId;

/** What each query is asked with here. */
const INPUTS: { [Name in QueryName]: Input<Name> } = {
  aliases: {},
  blame: { id, path: "src/a.ts" },
  blameView: { id, path: "src/a.ts", line: 2 },
  authorship: { id, hashes: [hashOf(3)] },
  changes: { hash: hashOf(3) },
  commit: { hash: hashOf(3) },
  commitCounts: { from: "2026-05-01", timeZone: "Europe/Berlin" },
  commits: { state: "linked", limit: 7 },
  dashboard: { to: "2026-06-30" },
  diff: { hash: hashOf(3) },
  editCounts: { repository: id },
  edits: { landed: "missing" },
  explanation: { hash: hashOf(3) },
  files: { id },
  health: {},
  links: { tier: 1 },
  loom: {},
  news: { since: "2026-05-01T00:00:00Z" },
  overview: { range: "all", weekStart: 0 },
  project: { id: project },
  projects: {},
  projectSessions: { id: project },
  range: { id, base: "main", head: "HEAD" },
  repositories: { limit: 2 },
  repository: { id },
  repositoryNames: {},
  runs: {},
  search: { q: "loom" },
  session: { id: sessionIdOf(50) },
  sessionFiles: { id: sessionIdOf(50) },
  sessions: { sort: "commits", repository: id },
  settings: {},
  status: {},
  storage: {},
  syncRepositories: {},
  timeline: { id: sessionIdOf(50) },
};

let db: Database;
const context = () => contextOf({ ...presetServices(db), git: cannedGit(hashOf(3)) });

/** Holds a value against a schema: what it does not describe would be missing from what it gives back. */
function holds(value: unknown, schema: { parse(value: unknown): unknown }): void {
  const plain = JSON.parse(JSON.stringify(value));
  assertEquals(schema.parse(plain), plain);
}

describe("what can be asked", () => {
  beforeAll(async () => {
    db = seedStore({ sessions: 60, commits: 300 });
    await refreshSearch(db);
  });
  afterAll(() => db[Symbol.dispose]());

  it("is in the list by the name it has", () => {
    for (const [name, query] of Object.entries(ALL_QUERIES)) assertEquals(query.name, name);
    assertEquals(Object.keys(ALL_QUERIES).sort(), Object.keys(QUERY_SCHEMAS).sort());
    assertEquals(Object.keys(ALL_STREAMS).sort(), Object.keys(STREAM_SCHEMAS).sort());
  });

  for (const name of Object.keys(QUERY_SCHEMAS) as QueryName[]) {
    it(`is answered with what the list says: ${name}`, async () => {
      const query = ALL_QUERIES[name] as unknown as Query<"sessions">;
      const input = QUERY_SCHEMAS[name].input.parse(INPUTS[name]) as Input<"sessions">;
      const value = await query.run(context(), input);
      if ("items" in value) assert(value.items.length > 0, "there is something to check");
      holds(value, QUERY_SCHEMAS[name].output);
    });
  }

  it("is given item by item where it may be long", async () => {
    for (const name of ["everyEdit", "everyLink"] as const) {
      const items = [];
      for await (const item of ALL_STREAMS[name].run(context(), {})) items.push(item);
      assert(items.length > 50);
      for (const item of items) holds(item, STREAM_SCHEMAS[name].item);
    }
  });

  it("is answered where nothing is stored", async () => {
    using empty = openDatabase(":memory:");
    const nothing = contextOf(presetServices(empty));
    for (const name of ["sessions", "overview", "search", "loom", "status", "news"] as const) {
      const query = ALL_QUERIES[name] as unknown as Query<"sessions">;
      const value = await query.run(nothing, INPUTS[name] as Input<"sessions">);
      holds(value, QUERY_SCHEMAS[name].output);
    }
  });

  it("is read to the end page by page", async () => {
    const all = await everyItem(commits, context(), { limit: 3 });
    const { total } = await commits.run(context(), {});
    assertEquals(all.length, total);
    assertEquals(new Set(all.map(({ hash }): CommitHash => hash)).size, total);
  });

  it("tells why there is no answer", async () => {
    const failure = await session.run(context(), { id: "none" }).catch((error) => error);
    assertEquals([failure.code, failure.listedBy], ["notFound", "sessions"]);
  });
});
