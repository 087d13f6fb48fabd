import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import type { Database } from "../../lib/store/database.ts";
import { dateFormat } from "../../lib/time/dates.ts";
import { createApp } from "../../main.ts";
import { cannedGit } from "../support/canned_git.ts";
import { withFileRoutes } from "../support/file_routes.ts";
import { hashOf, projectIdOf, repositoryIdOf, seedStore, sessionIdOf } from "../support/seed.ts";
import { localRequest, presetServices } from "../support/services.ts";

const PATHS = [
  "/?range=all",
  "/sessions?text=fix",
  "/sessions?text=nothing-like-it",
  "/commits?sort=committed&limit=2",
  "/commits?state=linked",
  "/edits?landed=missing",
  `/projects/${projectIdOf(1)}?sort=title`,
  `/repositories/${repositoryIdOf(1)}`,
  `/repositories/${repositoryIdOf(1)}/files`,
  `/repositories/${repositoryIdOf(1)}/blame?path=src/a.ts`,
  `/repositories/${repositoryIdOf(1)}/blame?path=src/a.ts&from=2`,
  `/sessions/${sessionIdOf(1)}`,
  `/sessions/${sessionIdOf(1)}?prompts=2`,
  `/commits/${hashOf(3)}`,
  `/commits/${hashOf(3).slice(0, 2)}`,
  "/commits/nothing?x=1",
  "/nothing?x=1",
  "/sessions?sort=sideways",
];

describe("pages, as Fresh renders them", () => {
  let db: Database;
  let handler: (request: Request) => Promise<Response>;
  const read = async (path: string, headers: Record<string, string> = {}) =>
    await (await handler(localRequest(path, { headers }))).text();

  beforeAll(async () => {
    db = seedStore({ sessions: 120, commits: 300, repositories: 2 });
    const services = { ...presetServices(db), git: cannedGit(hashOf(3)) };
    handler = (await withFileRoutes(createApp(services))).handler();
  });
  afterAll(() => db[Symbol.dispose]());

  it("write every time in the reader's time zone", async () => {
    for (const zone of ["Asia/Kathmandu", "America/St_Johns"]) {
      const dates = dateFormat(zone);
      for (const path of ["/sessions", "/commits", `/sessions/${sessionIdOf(1)}`]) {
        const html = await read(path, { cookie: `ascribe-zone=${encodeURIComponent(zone)}` });
        const times = [...html.matchAll(/<time datetime="([^"]+)" class="nowrap">([^<]+)</g)];
        assert(times.length > 0, path);
        for (const [, at, text] of times) {
          const ms = Date.parse(at);
          assert([dates.minute(ms), dates.day(ms), dates.clock(ms)].includes(text), text);
        }
      }
    }
  });

  it("have a title when they say what went wrong", async () => {
    for (const path of ["/nothing", "/commits/nothing", "/sessions?sort=sideways"]) {
      const html = await read(path);
      const [, heading] = html.match(/<h1[^>]*>([^<]+)</)!;
      assertStringIncludes(html, `<title>${heading} · Ascribe</title>`);
    }
  });

  for (const path of PATHS) {
    it(`mark no link but to where the reader is: ${path}`, async () => {
      const page = (await read(path)).replace(/<header class="masthead">.*?<\/header>/s, "");
      const wrong = [...page.matchAll(/<a\b[^>]*>/g)].map(([link]) => link).filter((link) => {
        const current = link.match(/aria-current="(\w+)"/)?.[1] ?? "false";
        const href = link.match(/href="([^"#]*)/)?.[1].replaceAll("&amp;", "&");
        return current === "true" || (current === "page" && href !== path && !isTab(page, link));
      });
      assertEquals(wrong, []);
    });
  }
});

/** Whether a link is one of the parts of a list, which mark by themselves the part that is shown. */
function isTab(page: string, link: string): boolean {
  const tabs = page.match(/<nav class="tabs".*?<\/nav>/gs) ?? [];
  return tabs.some((nav) => nav.includes(link));
}
