import type { ScannedCommit } from "../../lib/domain/link_facts.ts";
import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { fc } from "../support/harness.ts";
import { RootFinder } from "../../lib/git/scan/root_finder.ts";

describe("RootFinder", () => {
  /** Parents by commit: each has smaller numbers than its children. */
  const histories = fc.array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 20 })
    .map((wishes) => wishes.map((wish, n) => n === 0 ? [] : [...new Set(wish.map((w) => w % n))]));

  it("names the one commit that all of a history began with, and none where some of it is unseen", () => {
    fc.assert(fc.property(histories, fc.array(fc.nat(), { maxLength: 3 }), (history, hidden) => {
      const children = new Set(history.flat());
      const tips = history.keys().filter((n) => !children.has(n)).map(name).toArray();
      const missing = new Set(hidden.map((n) => n % history.length));
      const shown = history.map((parents, n) => commit(n, parents))
        .filter((_, n) => !missing.has(n)).reverse();
      const finder = new RootFinder(tips);
      finder.see(shown.slice(0, 3));
      finder.see(shown.slice(3));
      const roots = history.keys().filter((n) => history[n].length === 0).map(name).toArray();
      assertEquals(finder.root, missing.size === 0 && roots.length === 1 ? roots[0] : null);
    }));
  });

  it("names none where clocks made a parent come before its child", () => {
    const finder = new RootFinder([name(2)]);
    finder.see([commit(2, [0, 1]), commit(0, []), commit(1, [0])]);
    assertEquals(finder.root, null);
  });
});

function name(n: number): string {
  return String(n).padStart(40, "0");
}

function commit(n: number, parents: number[]): ScannedCommit {
  return { hash: name(n), parents: parents.map(name) } as ScannedCommit;
}
