import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { iterateLinks } from "../../lib/store/read/link_list.ts";
import { getLoom } from "../../lib/store/read/loom.ts";
import { SEED_NOW, seedStore } from "../support/seed.ts";

describe("getLoom", () => {
  it("holds each link between the session and the commit that it names", async () => {
    using db = seedStore({ sessions: 40, commits: 200 });
    const { sessions, commits, links } = await getLoom(db);
    const drawn = links.sessions.map((session, i) =>
      `${sessions.ids[session]} ${commits.hashes[links.commits[i]]} ${links.tiers[i]}`
    );
    const stored = Array.from(
      iterateLinks(db),
      ({ sessionId, commit, tier }) => `${sessionId} ${commit.slice(0, 12)} ${tier}`,
    );
    assertEquals(drawn.toSorted(), stored.toSorted());
  });

  it("keeps its columns in step, and its rows in the order of time", async () => {
    using db = seedStore({ sessions: 40, commits: 200 });
    const { from, to, repositories, sessions, commits } = await getLoom(db);
    assertEquals(commits.times.length, 200);
    assertEquals(commits.hashes.length, commits.kinds.length);
    for (const times of [commits.times, sessions.starts]) {
      assertEquals(times, times.toSorted((a, b) => a - b));
      assert(times.every((time) => from <= time && time <= to));
    }
    assert(commits.repositories.every((place) => repositories[place] !== undefined));
  });

  it("is empty where nothing happened", async () => {
    using db = seedStore({ sessions: 4, commits: 20 });
    const { commits, sessions, links, from } = await getLoom(db, {
      from: SEED_NOW + 1,
      to: SEED_NOW + 2,
    });
    assertEquals([commits.times, sessions.ids, links.tiers, from], [[], [], [], 0]);
  });
});
