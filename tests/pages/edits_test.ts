import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import type { Database } from "../../lib/store/database.ts";
import { createApp } from "../../main.ts";
import { withFileRoutes } from "../support/file_routes.ts";
import { repositoryIdOf, SEED_NOW, seedStore, sessionIdOf } from "../support/seed.ts";
import { localRequest, presetServices } from "../support/services.ts";

describe("the page of edits", () => {
  let db: Database;
  let handler: (request: Request) => Promise<Response>;

  beforeAll(async () => {
    db = seedStore({ sessions: 60, commits: 300 });
    handler = (await withFileRoutes(createApp(presetServices(db)))).handler();
  });
  afterAll(() => db[Symbol.dispose]());

  async function pageOf(path: string): Promise<string> {
    const response = await handler(localRequest(path));
    assertEquals(response.status, 200, path);
    return await response.text();
  }

  async function totalOf(query: string): Promise<number> {
    return (await (await handler(localRequest(`/api/edits?limit=1&${query}`))).json()).total;
  }

  it("counts in each tab what the list behind it has", async () => {
    const html = await pageOf(`/edits?repository=${repositoryIdOf(1)}`);
    for (const landed of ["missing", "none", "some", "all"]) {
      const total = await totalOf(`repository=${repositoryIdOf(1)}&landed=${landed}`);
      const tab = new RegExp(`landed=${landed}"[^>]*>[^<]*<span class="count">${total}</span>`);
      assertMatch(html, tab);
    }
  });

  it("lists a session's files with what came of their lines", async () => {
    const html = await pageOf(`/edits?session=${sessionIdOf(7)}`);
    assertStringIncludes(html, "1 file written by sessions");
    for (const [label, count] of [["Lines", 12], ["Landed", 5], ["Undone", 2]]) {
      assertMatch(html, new RegExp(`data-label="${label}">${count}<`));
    }
    assertStringIncludes(html, 'data-label="Not landed"><strong>5</strong>');
  });

  it("says what to do where nothing matches", async () => {
    assertStringIncludes(await pageOf("/edits?session=nobody"), "No edit matches");
  });

  it("is where overview, repository and session lead to", async () => {
    const from = new Date(SEED_NOW - 86_400_000 * 100).toISOString();
    const to = new Date(SEED_NOW).toISOString();
    const range = `from=${from}&to=${to}`;
    const { coverage } = await (await handler(localRequest(`/api/stats/dashboard?${range}`)))
      .json();
    assertEquals(coverage.linesWritten, 60 * 12);
    assertEquals(coverage.linesNotLanded, 20 * 10 + 20 * 5);
    assertEquals(coverage.sessionsWithLinesNotLanded, 40);
    assertMatch(await pageOf(`/?${range}`), /href="\/edits\?landed=missing&amp;from=[^"]+"/);
    assertMatch(
      await pageOf(`/repositories/${repositoryIdOf(1)}`),
      /\/edits\?repository=0{39}1&amp;landed=missing/,
    );
    const id = sessionIdOf(7);
    assertStringIncludes(
      await pageOf(`/sessions/${id}`),
      `/edits?session=${id}&amp;landed=missing`,
    );
  });

  it("has its filter in the list of sessions too", async () => {
    const html = await pageOf("/sessions?landed=none");
    assert(/<option value="none" selected[^>]*>Never committed/.test(html));
    assertStringIncludes(html, "20 sessions match");
  });
});
