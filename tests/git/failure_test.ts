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

  it("says what git said of anything else, and where to ask on", () => {
    assertEquals(
      said("error: object file is empty\nfatal: loose object is corrupt\n").message,
      'git cannot read /src/moorings: object file is empty. "git fsck" there tells more.',
    );
  });
});
