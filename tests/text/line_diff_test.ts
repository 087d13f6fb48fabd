import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { diffLines } from "../../lib/text/line_diff.ts";
import { Random } from "../support/random.ts";

describe("the difference of two texts by lines", () => {
  it("has the lines that were changed, and none around them", () => {
    assertEquals(diffLines("a\nb\nc\n", "a\nB\nc\nd\n"), { removed: ["b"], added: ["B", "d"] });
    assertEquals(diffLines("", "a\nb\n"), { removed: [], added: ["a", "b"] });
    assertEquals(diffLines("a\n\nb\n", "a\nb\n"), { removed: [""], added: [] });
    assertEquals(diffLines("  a\n", "a\n"), { removed: ["  a"], added: ["a"] });
  });

  it("takes a line break at the end for no part of a line", () => {
    assertEquals(diffLines("a\nb", "a\nb\n"), { removed: [], added: [] });
    assertEquals(diffLines("a", "a\nb"), { removed: [], added: ["b"] });
  });

  it("has a line that moved as taken out and put in", () => {
    assertEquals(diffLines("a\nb\nc\n", "b\nc\na\n"), { removed: ["a"], added: ["a"] });
  });

  it("is never longer than it must be", () => {
    const random = new Random(5);
    for (let i = 0; i < 2_000; i++) {
      const [before, after] = [randomText(random), randomText(random)];
      const common = longestCommon(linesOf(before), linesOf(after));
      const { removed, added } = diffLines(before, after);
      assertEquals(
        removed.length,
        linesOf(before).length - common,
        JSON.stringify([before, after]),
      );
      assertEquals(added.length, linesOf(after).length - common, JSON.stringify([before, after]));
    }
  });

  it("has no line that both texts have as often, where they differ too much to look for the shortest", () => {
    const before = Array.from({ length: 5_000 }, (_, i) => `line ${i}`);
    const after = [...before.toReversed(), "one more"];
    assertEquals(diffLines(before.join("\n"), after.join("\n")), {
      removed: [],
      added: ["one more"],
    });
  });
});

function randomText(random: Random): string {
  const lines = Array.from({ length: random.int(8) }, () => random.pick(["a", "b", "{", "aa", ""]));
  return lines.join("\n") + (random.chance(0.5) ? "\n" : "");
}

function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** The length of the longest sequence of lines that both have. */
function longestCommon(a: string[], b: string[]): number {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      table[i][j] = a[i] === b[j]
        ? table[i + 1][j + 1] + 1
        : Math.max(table[i + 1][j], table[i][j + 1]);
    }
  }
  return table[0][0];
}
