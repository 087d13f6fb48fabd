import type { LoomData } from "../../lib/domain/loom.ts";
import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";

import { targetAfter } from "../../lib/client/loom/index.ts";

/** A loom of sessions, of commits as `repository/hash`, and of links between them by name. */
function loomOf(sessions: string[], commits: string[], links: [string, string][]): LoomData {
  const repositories = [...new Set(commits.map((commit) => Number(commit.split("/")[0])))];
  const none = commits.map(() => 0);
  return {
    from: 0,
    to: 1,
    cut: false,
    repositories: repositories.map((id) => ({ id: String(id), name: String(id) })),
    sessions: { ids: sessions, titles: [], agents: [], starts: [], ends: [], activities: [] },
    commits: {
      hashes: commits.map((commit) => commit.split("/")[1]),
      repositories: commits.map((commit) => repositories.indexOf(Number(commit.split("/")[0]))),
      times: none,
      kinds: none,
    },
    links: {
      sessions: links.map(([session]) => sessions.indexOf(session)),
      commits: links.map(([, commit]) => commits.indexOf(commit)),
      tiers: [],
      confidences: [],
    },
  };
}

describe("what is traced in a loom", () => {
  const before = loomOf(["s1", "s2"], ["1/aa", "2/aa", "2/bb"], [["s1", "1/aa"], ["s2", "2/aa"]]);
  const after = loomOf(["s0", "s2", "s1"], ["2/bb", "2/aa", "1/aa"], [["s2", "2/aa"]]);

  it("stays traced when more is read", () => {
    assertEquals(targetAfter({ kind: "session", place: 0 }, before, after)?.place, 2);
    assertEquals(targetAfter({ kind: "commit", place: 0 }, before, after)?.place, 2);
    assertEquals(targetAfter({ kind: "commit", place: 1 }, before, after)?.place, 1);
    assertEquals(targetAfter({ kind: "link", place: 1 }, before, after), {
      kind: "link",
      place: 0,
    });
  });

  it("is let go where it is gone", () => {
    assertEquals(targetAfter({ kind: "link", place: 0 }, before, after), null);
    assertEquals(targetAfter({ kind: "session", place: 0 }, before, loomOf(["s2"], [], [])), null);
  });
});
