import { claudeCode } from "../support/agents.ts";
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { readGitEnvironment } from "../../lib/config.ts";
import { openServices } from "../../lib/sync/services.ts";
import { within } from "../support/wait.ts";
import { Workspace } from "../support/workspace.ts";

describe("a data folder that is removed while it is in use", () => {
  it("is said to be, rather than that a sync or a setting was kept", async () => {
    await using workspace = await Workspace.empty();
    const outcome = await openServices({
      dataDir: workspace.dataDir,
      agents: claudeCode(workspace.claudeDir),
      gitEnvironment: { ...readGitEnvironment(), HOME: workspace.folder },
      logLevel: "error",
    });
    if (outcome.kind !== "opened") throw new Error(outcome.kind);
    await using services = outcome.services;
    const sync = async () => {
      const ended = Promise.withResolvers<string>();
      const unsubscribe = services.gitSync.announcements.subscribe((announcement) => {
        if (announcement.type === "syncEnded") ended.resolve(announcement.outcome);
      });
      assertEquals(services.gitSync.trigger().kind, "accepted");
      return await within(ended.promise).finally(unsubscribe);
    };
    assertEquals(await sync(), "completed");
    await Deno.remove(workspace.dataDir, { recursive: true });
    assertEquals(await sync(), "failed");
    const said = /was removed while Ascribe had it open, .* Start Ascribe again\.$/;
    assertMatch(services.gitSync.state.error!, said);
    const refused = await assertRejects(() => services.gitSync.setIntervalSecs(120));
    assertMatch((refused as Error).message, said);
  });
});
