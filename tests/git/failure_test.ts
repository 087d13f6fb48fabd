import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { explainFailure } from "../../lib/git/run/failure.ts";

describe("a repository that git cannot read", () => {
  const said = (stderr: string) =>
    explainFailure({ kind: "failed", code: 128, stderr }, "/src/moorings");

  it("says which line of its configuration to correct, which no fsck would tell", () => {
    assertEquals(said("fatal: bad config line 9 in file .git/config\n"), {
      code: "corrupt",
      message: "git cannot read /src/moorings: line 9 of its .git/config says nothing that git " +
        "knows. Correct that line, or remove it.",
    });
  });

  it("says which newer git a repository needs, and nothing of repairs", () => {
    const newer = (needs: string) =>
      `/src/moorings was made by a newer git: ${needs}. Nothing is wrong with it. ` +
      "Update the git in PATH and sync again.";
    const messages = {
      "fatal: unknown repository extension found:\n\trefstorage\n": "refstorage needs 2.45",
      "fatal: unknown repository extensions found:\n\trefstorage\n\trelativeworktrees\n":
        "refstorage needs 2.45, relativeworktrees needs 2.48",
      "fatal: unknown repository extension found:\n\tfuture": "future needs a newer one",
      [
        "error: invalid value for 'extensions.refstorage': 'files:///x/y'\n" +
        "fatal: bad config line 2 in file /src/moorings/.git/config"
      ]: "refstorage needs 2.54",
      "fatal: Expected git repo version <= 1, found 2": "format version 2 needs a newer one",
    };
    for (const [stderr, needs] of Object.entries(messages)) {
      assertEquals(said(stderr).message, newer(needs));
    }
  });

  it("says what git said of anything else, and where to ask on", () => {
    assertEquals(
      said("error: object file is empty\nfatal: loose object is corrupt\n").message,
      'git cannot read /src/moorings: object file is empty. "git fsck" there tells more.',
    );
  });
});
