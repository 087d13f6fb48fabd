import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import type { Database } from "../../lib/store/database.ts";
import { refreshSearch } from "../../lib/store/write/search_index.ts";
import { createApp } from "../../main.ts";
import { withFileRoutes } from "../support/file_routes.ts";
import { hashOf, projectIdOf, repositoryIdOf, seedStore, sessionIdOf } from "../support/seed.ts";
import { localRequest, presetServices } from "../support/services.ts";

describe("the API", () => {
  let db: Database;
  let handler: (request: Request) => Promise<Response>;

  beforeAll(async () => {
    db = seedStore({ sessions: 60, commits: 300 });
    await refreshSearch(db);
    handler = (await withFileRoutes(createApp(presetServices(db)))).handler();
  });
  afterAll(() => db[Symbol.dispose]());

  // deno-lint-ignore no-explicit-any
  async function get(path: string, status = 200): Promise<any> {
    const response = await handler(localRequest(path));
    const body = await response.json();
    assertEquals(response.status, status, `${path}: ${JSON.stringify(body)}`);
    return body;
  }

  /** Follows the cursors of a list to its end. */
  async function everyItem(path: string): Promise<unknown[]> {
    const items: unknown[] = [];
    let cursor: string | null = null;
    do {
      const joint = path.includes("?") ? "&" : "?";
      const next: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const page = await get(`${path}${joint}limit=7${next}`);
      assert(page.items.length <= 7);
      items.push(...page.items);
      cursor = page.cursor;
    } while (cursor !== null);
    return items;
  }

  describe("lists", () => {
    const lists = [
      "/api/sessions",
      "/api/sessions?sort=commits&order=asc",
      `/api/sessions?text=the&repository=${repositoryIdOf(1)}`,
      "/api/projects",
      `/api/projects/${projectIdOf(1)}/sessions`,
      "/api/commits",
      "/api/commits?state=tier2&order=asc",
      "/api/commits?text=loom",
      "/api/repositories",
      "/api/links",
      `/api/links?tier=1&repository=${repositoryIdOf(2)}`,
      "/api/edits",
      "/api/edits?landed=missing",
      `/api/edits?landed=some&repository=${repositoryIdOf(1)}`,
      "/api/sessions?landed=none",
    ];
    for (const path of lists) {
      it(`gives every item of ${path} once, page by page`, async () => {
        const whole = await get(`${path}${path.includes("?") ? "&" : "?"}limit=500`);
        assert(whole.total > 0);
        assertEquals(whole.items.length, whole.total);
        assertEquals(whole.cursor, null);
        assertEquals(await everyItem(path), whole.items);
      });
    }

    it("counts each commit as linked, unlinked or elsewhere, and as nothing else", async () => {
      const count = async (query: string) => (await get(`/api/commits?limit=1&${query}`)).total;
      const linked = await count("state=linked");
      const all = linked + await count("state=unlinked") + await count("state=elsewhere");
      assertEquals(all, await count(""));
      assertEquals(await count("state=tier1") + await count("state=tier2"), linked);
    });

    it("sorts sessions as asked", async () => {
      const { items } = await get("/api/sessions?sort=messages&order=asc&limit=500");
      const counts = items.map((item: { messageCount: number }) => item.messageCount);
      assertEquals(counts, counts.toSorted((a: number, b: number) => a - b));
    });

    it("says of wrong parameters what to send instead", async () => {
      const wrong: [string, string][] = [
        ["/api/sessions?limit=0", "limit must be a whole number from 1 to 500"],
        ["/api/sessions?limit=1e3", "limit must be a whole number"],
        ["/api/sessions?sort=size", "sort must be one of started, ended, commits, messages"],
        ["/api/sessions?hasCommits=maybe", "hasCommits must be one of true, false"],
        ["/api/sessions?cursor=x", "start again without it"],
        ["/api/sessions?from=yesterday", "from must be a date such as"],
        ["/api/sessions?from=2026-13-40", "from must be a date such as"],
        ["/api/commits?state=mine", "state must be one of linked"],
        [`/api/commits?text=${"x".repeat(300)}`, "text must be at most 200 characters"],
        ["/api/edits?landed=half", "landed must be one of missing, none, some, all"],
        ["/api/sessions?landed=half", "landed must be one of missing, none, some, all"],
        ["/api/links?tier=3", "tier must be a whole number from 1 to 2"],
        ["/api/projects?cursor=999", "start again without it"],
        ["/api/stats/dashboard?timeZone=Mars/Base", "timeZone must be a time zone such as"],
        ["/api/search", "q must hold"],
      ];
      for (const [path, message] of wrong) {
        const body = await get(path, 400);
        assertEquals(body.error, "badRequest");
        assertStringIncludes(body.message, message);
      }
    });

    it("refuses the cursor of another sort", async () => {
      const { cursor } = await get("/api/sessions?limit=1&sort=started");
      await get(`/api/sessions?sort=ended&cursor=${cursor}`, 400);
    });
  });

  describe("single things", () => {
    it("gives a session with prompts, work, commits and transcripts", async () => {
      const session = await get(`/api/sessions/${sessionIdOf(50)}`);
      assertEquals(session.sessionId, sessionIdOf(50));
      assertEquals(session.prompts.length, 3);
      assertEquals(session.prompts[0].work.edits, 1);
      assertEquals(session.skippedLines, 2);
      assertEquals(session.transcripts.length, 1);
      assertEquals(session.commits.length, session.commitCount);
      assertMatch(session.startedAt, /^\d{4}-\d\d-\d\dT.*Z$/);
    });

    it("finds a commit by its hash and by its start", async () => {
      const commit = await get(`/api/commits/${hashOf(3)}`);
      assertEquals(await get(`/api/commits/${hashOf(3).slice(0, 10)}`), commit);
      assertEquals(commit.hash, hashOf(3));
    });

    it("says what to do where there is nothing", async () => {
      for (
        const path of ["/api/sessions/none", "/api/commits/ffffffff", "/api/projects/99/sessions"]
      ) {
        const body = await get(path, 404);
        assertEquals(body.error, "notFound");
        assertStringIncludes(body.message, "GET /api/");
      }
    });
  });

  describe("search", () => {
    it("finds sessions, commits, files and prompts by words", async () => {
      const found = await get("/api/search?q=loom");
      for (const kind of ["sessions", "commits", "files", "prompts"]) {
        assert(found[kind].length > 0, kind);
        const { text, marks } = found[kind][0].excerpt;
        assertEquals(text.slice(...marks[0]).toLowerCase(), "loom");
      }
    });

    it("finds a commit by the start of its hash", async () => {
      const found = await get(`/api/search?q=${hashOf(9).slice(0, 9)}`);
      assertEquals(found.commits[0].hash, hashOf(9));
    });
  });
});
