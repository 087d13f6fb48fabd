import { assertEquals } from "@std/assert";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { GO_TO } from "../../lib/client/shortcuts.ts";
import type { Database } from "../../lib/store/database.ts";
import { createApp } from "../../main.ts";
import { withFileRoutes } from "../support/file_routes.ts";
import { seedStore, sessionIdOf } from "../support/seed.ts";
import { localRequest, presetServices } from "../support/services.ts";

const PAGES = [
  "/",
  "/projects",
  "/sessions",
  "/commits",
  "/edits",
  "/repositories",
  "/settings",
];

describe("the masthead", () => {
  let db: Database;
  let handler: (request: Request) => Promise<Response>;

  beforeAll(async () => {
    db = seedStore({ sessions: 4, commits: 8 });
    handler = (await withFileRoutes(createApp(presetServices(db)))).handler();
  });
  afterAll(() => db[Symbol.dispose]());

  /** The links of the masthead: where each leads, and how it is marked. */
  async function linksOf(path: string): Promise<[string, string][]> {
    const html = await (await handler(localRequest(path))).text();
    const nav = html.match(/<nav aria-label="Pages">.*?<\/nav>/s)![0];
    return [...nav.matchAll(/href="([^"]+)" aria-current="([^"]+)"/g)]
      .map(([, href, current]) => [href, current]);
  }

  it("leads to every page, and marks the one that is shown", async () => {
    for (const path of PAGES) {
      const expected = PAGES.map((href) => [href, href === path ? "page" : "false"]);
      assertEquals(await linksOf(path), expected, path);
    }
  });

  it("marks where a page belongs that has no link of its own", async () => {
    const links = await linksOf(`/sessions/${sessionIdOf(1)}`);
    assertEquals(links.filter(([, current]) => current !== "false"), [["/sessions", "true"]]);
  });

  it("has a key for each of its links", () => {
    assertEquals(Object.values(GO_TO).toSorted(), PAGES.toSorted());
  });
});
