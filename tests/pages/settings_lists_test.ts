import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import type { Database } from "../../lib/store/database.ts";
import { createApp } from "../../main.ts";
import { withFileRoutes } from "../support/file_routes.ts";
import { seedStore } from "../support/seed.ts";
import { localRequest, presetServices } from "../support/services.ts";

async function settings(db: Database): Promise<{ before: string; folded: string }> {
  const app = await withFileRoutes(createApp(presetServices(db)));
  const html = await (await app.handler()(localRequest("/settings"))).text();
  const [before, folded = ""] = html.split('id="taken-in"');
  return { before, folded };
}

describe("the settings' way to erase everything", () => {
  it("names how much of what goes", async () => {
    using db = seedStore({ sessions: 20, commits: 60, repositories: 3 });
    const links = db.get<{ n: number }>("SELECT count(*) AS n FROM session_commits")!.n;
    const { before } = await settings(db);
    assert(before.includes(`Removes 20 sessions, 60 commits and ${links} links, with every alias`));
  });
});

describe("the settings' repositories", () => {
  it("are folded where there are many, except those that are left out", async () => {
    using db = seedStore({ sessions: 5, commits: 5, repositories: 30 });
    db.run("UPDATE repositories SET excluded = 1 WHERE id = 7");
    const { before, folded } = await settings(db);
    assertEquals(before.match(/Include /g)?.length, 1);
    assertEquals(folded.match(/Exclude /g)?.length, 29);
    assert(!before.includes("Exclude "));
  });

  it("are all in sight where they are few", async () => {
    using db = seedStore({ sessions: 5, commits: 5, repositories: 5 });
    const { before, folded } = await settings(db);
    assertEquals(before.match(/Exclude /g)?.length, 5);
    assertEquals(folded, "");
  });
});
