import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { isCommitSkill } from "../../lib/links/rules/commit_skill.ts";

describe("isCommitSkill", () => {
  it("knows skills and commands that commit", () => {
    for (
      const skill of [
        "commit",
        "/commit",
        "commit-commands:commit",
        "commit-commands:commit-push-pr",
        "git:commit",
        "git-commit",
        "quick-commit",
        "Commit_All",
        "a:b:commit",
      ]
    ) assertEquals(isCommitSkill(skill), true, skill);
  });

  it("takes no other for one", () => {
    for (
      const skill of [
        "",
        "committee",
        "commit-commands:clean",
        "precommit-notes:x",
        "review",
        "uncommit",
      ]
    ) assertEquals(isCommitSkill(skill), false, skill);
  });

  it("is quick with names that are made to be slow", () => {
    const since = performance.now();
    isCommitSkill(`commit${"_a".repeat(5_000)}!`);
    isCommitSkill(`${"a.".repeat(5_000)}:!`);
    assertEquals(performance.now() - since < 10_000, true);
  });
});
