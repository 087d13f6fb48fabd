import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { join } from "node:path";
import { findUnreadAgents } from "../../lib/sessions/unread_agents.ts";
import { TemporaryFolder } from "./reading.ts";

describe("agents that are seen and not read", () => {
  it("names those that left something in the home folder", () => {
    using home = new TemporaryFolder();
    assertEquals(findUnreadAgents(home.path, "linux"), []);
    home.write(".aider/analytics.json", "{}");
    home.write("Library/Application Support/Code/User/globalStorage/github.copilot-chat/x", "");
    assertEquals(findUnreadAgents(home.path, "linux"), [
      { title: "Aider", trace: join(home.path, ".aider") },
    ]);
    const titles = findUnreadAgents(home.path, "darwin").map(({ title }) => title);
    assertEquals(titles, ["Aider", "Copilot in VS Code"]);
  });
});
