import { assert, assertEquals } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { Identity } from "../../lib/links/people.ts";
import { tell } from "./support/story.ts";
import { sessionIdOf, World } from "./support/world.ts";

describe("a repository of real life", () => {
  let world: World;

  beforeEach(() => {
    world = new World();
  });
  afterEach(() => world[Symbol.asyncDispose]());

  const noteOf = (version = "1.0.0") =>
    `a.ts\n  abcd 1-3,5\n"b c.ts"\n  abcd::t1 2\n  other 4-9\n---\n${
      JSON.stringify({
        schema_version: "authorship/3.0.0",
        git_ai_version: version,
        prompts: { abcd: { agent_id: { tool: "claude", id: sessionIdOf("A") } } },
      })
    }`;
  const annotate = (ref: string, text: string) =>
    world.git(["notes", `--ref=${ref}`, "add", "-f", "-m", text]);
  const rulesOf = (subject: string) =>
    world.links().filter((link) => link.subject === subject)
      .flatMap(({ evidence }) => evidence.map(({ rule }) => rule));

  const noted = async () => {
    await tell(
      world,
      `
      session A talks
      5 hours later
      hand edits a.ts
      hand commits all as "noted"
    `,
    );
    await world.sync();
    assertEquals(rulesOf("noted"), []);
  };

  it("is linked by a note that came later, without a scan", async () => {
    await noted();
    await annotate("ai", noteOf());
    world.asked.length = 0;
    await world.sync();
    assert(!world.asked.includes("log"), world.asked.join(" "));
    const [{ session, tier, evidence: [{ rule, tool, lines, files }] }] = world.links();
    assertEquals([session, tier, rule, tool, lines], ["A", 1, "notes", "claude", 5]);
    assertEquals(files, ["a.ts", "b c.ts"]);
    world.asked.length = 0;
    await world.sync();
    assertEquals(world.asked, []);
  });

  it("is linked by a note that came with other refs, packed", async () => {
    await noted();
    await annotate("ai", noteOf());
    await world.git(["pack-refs", "--all"]);
    await world.sync();
    assertEquals(rulesOf("noted"), ["notes"]);
  });

  it("is not linked by a note of our own", async () => {
    await noted();
    await annotate("ai", noteOf("ascribe/0.2.0"));
    await world.sync();
    assertEquals(rulesOf("noted"), []);
  });

  it("costs a file where its object is missing, until it is there", async () => {
    await tell(
      world,
      `
      session A edits a.ts
      session A edits b.ts
      hand commits all as "both"
    `,
    );
    const hash = (await world.git(["rev-parse", "HEAD:a.ts"])).trim();
    const object = `${world.repository()}/.git/objects/${hash.slice(0, 2)}/${hash.slice(2)}`;
    Deno.renameSync(object, `${world.root}/kept`);
    // git would read the file itself in its place.
    Deno.removeSync(`${world.repository()}/a.ts`);
    await world.sync();
    const files = () =>
      world.links().flatMap(({ evidence }) =>
        evidence.flatMap(({ rule, files }) => rule === "content" ? files : [])
      );
    assertEquals(files(), ["b.ts"]);
    world.asked.length = 0;
    await world.sync();
    assert(!world.asked.includes("diff-tree"), world.asked.join(" "));
    Deno.renameSync(`${world.root}/kept`, object);
    await world.sync();
    assertEquals(files(), ["a.ts", "b.ts"]);
  });

  it("is asked for refs that its files do not tell of, in one call", async () => {
    await tell(world, `hand edits a.ts\nhand commits all as "first"`);
    const git = `${world.repository()}/.git`;
    Deno.renameSync(`${git}/refs/heads`, `${world.root}/heads`);
    Deno.symlinkSync(`${world.root}/heads`, `${git}/refs/heads`);
    world.session("A");
    await world.sync();
    world.asked.length = 0;
    await world.sync();
    assertEquals(world.asked, ["log"]);
    await tell(world, `hand edits a.ts\nhand commits all as "second"`);
    await world.sync();
    const count = world.db.get<{ n: number }>(
      "SELECT count(*) AS n FROM commits WHERE subject = 'second'",
    );
    assertEquals(count?.n, 1);
  });

  it("knows its owner by .mailmap, and by the address of a forge", () => {
    const commit = (authorName: string, authorEmail: string) => ({
      hash: "a".repeat(40) as never,
      parents: [],
      authorAt: 0,
      committerAt: 0,
      authorName,
      authorEmail,
      committerEmail: "noreply@github.com",
      subject: "",
      trailers: [],
      reachable: true,
    });
    const commits = [
      commit("Ada", "ada@work.example"),
      commit("Ada", "1+ada@users.noreply.github.com"),
      commit("Eve", "2+eve@users.noreply.github.com"),
      commit("Ada L.", "ada@home.example"),
      commit("Ada", "ada@other.example"),
    ];
    const identity = new Identity();
    const facts = {
      userEmail: "ada@work.example",
      ownAddresses: ["ada@home.example"],
      commits,
      sessions: [],
      changeOf: () => null,
      named: null,
    };
    for (
      const _ of identity.learn({
        facts,
        byHash: () => null,
        commit: (place) => commits[place],
        content: () => ({ matches: [], telling: 0 }),
      })
    );
    assertEquals(commits.map((one) => identity.made(one)), [true, true, false, true, false]);
  });
});
