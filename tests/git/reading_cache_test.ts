import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import type { CommitHash } from "../../lib/domain/ids.ts";
import type { GitQuery, GitResult, GitResults } from "../../lib/git/read/queries.ts";
import { CachedReading, type GitReading } from "../../lib/git/read/reading.ts";

const repository = { path: "/repo", commonDir: "/repo/.git" };

/** A reading that notes what it was asked, and answers as it is told. */
class Noted implements GitReading {
  readonly asked: string[] = [];
  answer: GitResult<"diff"> = { kind: "ok", value: { against: "parent", cut: false, files: [] } };

  ask<Ask extends keyof GitResults>(question: GitQuery & { ask: Ask }) {
    this.asked.push("hash" in question ? question.hash : question.ask);
    return Promise.resolve(this.answer as GitResult<Ask>);
  }
}

function diffOf(hash: string) {
  return { ask: "diff", repository, hash: hash as CommitHash, parents: 1 } as const;
}

describe("remembered answers", () => {
  it("are asked for once, also by several at the same time", async () => {
    const noted = new Noted();
    const cached = new CachedReading(noted);
    await Promise.all([cached.ask(diffOf("a")), cached.ask(diffOf("a")), cached.ask(diffOf("b"))]);
    await cached.ask(diffOf("a"));
    assertEquals(noted.asked, ["a", "b"]);
  });

  it("are those that can't change: neither trouble nor what a branch names", async () => {
    const noted = new Noted();
    const cached = new CachedReading(noted);
    for (let i = 0; i < 2; i++) {
      await cached.ask({ ask: "revision", repository, revision: "main" });
      await cached.ask({ ask: "refs", repository });
    }
    noted.answer = { kind: "error", code: "gone", message: "It is gone." };
    for (let i = 0; i < 2; i++) await cached.ask(diffOf("a"));
    assertEquals(noted.asked, ["revision", "refs", "revision", "refs", "a", "a"]);
  });

  it("are given up when there are too many or they are too large, the oldest first", async () => {
    const noted = new Noted();
    const few = new CachedReading(noted, { answers: 2, characters: 10_000 });
    for (const hash of ["a", "b", "a", "c", "a", "b"]) await few.ask(diffOf(hash));
    assertEquals(noted.asked, ["a", "b", "c", "b"]);
    noted.asked.length = 0;
    const small = new CachedReading(noted, { answers: 9, characters: 100 });
    for (const hash of ["a", "b", "c", "c", "a"]) await small.ask(diffOf(hash));
    assertEquals(noted.asked, ["a", "b", "c", "a"]);
  });
});
