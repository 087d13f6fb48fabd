import { assertEquals, assertStringIncludes } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { h } from "preact";
import { renderToString } from "preact-render-to-string";
import { SurvivingLines } from "../../components/Figures.tsx";

describe("the lines that are still there", () => {
  const counted = { written: 40, standing: 30, uncounted: 0, failures: [] };
  const html = (skippedFiles: { large: number; name: number; slow: number }) =>
    renderToString(h(SurvivingLines, { lines: { ...counted, skippedFiles } }));

  it("say which files are left out, and why", () => {
    const said = html({ large: 1, name: 0, slow: 2 });
    assertStringIncludes(said, "without 3 files");
    assertStringIncludes(
      said,
      "None of their lines counts as still there: git blame took longer than 20 seconds for 2 files; " +
        "1 file larger than 4 MB. A file is counted again once it changes.",
    );
  });

  it("say nothing of it where none is", () => {
    assertEquals(html({ large: 0, name: 0, slow: 0 }).includes("without"), false);
  });
});
