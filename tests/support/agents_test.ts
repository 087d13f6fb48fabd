import { assert } from "@std/assert";
import { it } from "@std/testing/bdd";
import { readConfig } from "../../lib/config.ts";
import { agentsIn } from "./agents.ts";

it("no agent's folder of a test is outside the test's own", () => {
  const environment = {
    ...agentsIn("/tmp/test"),
    HOME: "/home/ada",
    ASCRIBE_DATA_DIR: "/tmp/data",
  };
  const outcome = readConfig({}, { environment, os: "linux" });
  assert(outcome.kind === "config");
  for (const { roots } of outcome.config.agents) {
    for (const root of roots) assert(root.startsWith("/tmp/test/"), root);
  }
});
