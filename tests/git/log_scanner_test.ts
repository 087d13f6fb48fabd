import type { ScannedCommit } from "../../lib/domain/link_facts.ts";
import { fc } from "../support/harness.ts";
import { assert, assertEquals } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { createGitRunner } from "../../lib/git/run/runner.ts";
import { scanLog, scanReflogs } from "../../lib/git/scan/log.ts";
import { findTrailers, LogParser } from "../../lib/git/scan/log_parser.ts";
import { readRefs } from "../../lib/git/scan/refs.ts";
import { withoutSecrets } from "../../lib/git/scan/settings.ts";
import { Sandbox, START } from "./sandbox.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("scanLog", () => {
  let sandbox: Sandbox;

  beforeEach(async () => {
    sandbox = await Sandbox.create();
    await sandbox.init("repo");
  });

  afterEach(() => sandbox[Symbol.asyncDispose]());

  async function read(since: number | null = null, runner = sandbox.runner()) {
    const place = { cwd: sandbox.path("repo"), ceiling: sandbox.folder };
    const refs = await readRefs(runner, place);
    assert(refs.kind === "ok");
    const commits: ScannedCommit[] = [];
    const query = { tips: refs.tips, since };
    const onCommits = (batch: ScannedCommit[]) => void commits.push(...batch);
    const end = await scanLog(runner, { place, query, onCommits });
    assertEquals(end, { kind: "ok", stderr: "" });
    return commits;
  }

  /** Writes a commit object byte for byte, on a branch of its own. */
  async function raw(branch: string, lines: string | Uint8Array): Promise<string> {
    const input = typeof lines === "string" ? bytes(lines) : lines;
    const args = ["hash-object", "-t", "commit", "-w", "--stdin", "--literally"];
    const hash = await sandbox.gitWith("repo", args, { input });
    await sandbox.git("repo", "update-ref", `refs/heads/${branch}`, hash);
    return hash;
  }

  async function header(encoding = ""): Promise<string> {
    const tree = await sandbox.gitWith("repo", ["mktree"], { input: "" });
    const who = "Ada <ada@example.org> 1772355600 +0100";
    return `tree ${tree}\nauthor ${who}\ncommitter ${who}\n${encoding}\n`;
  }

  it("gives each commit with its parents, times, people, subject and trailers", async () => {
    const first = await sandbox.commit("repo", "first", { at: START });
    const second = await sandbox.commit(
      "repo",
      "add a thing\nin two lines\n\nbody\n\nClaude-Session: x",
      {
        at: START + 60_000,
        author: "Grace",
        email: "grace@example.org",
      },
    );
    assertEquals(await read(), [
      {
        hash: second,
        parents: [first],
        authorAt: START + 60_000,
        committerAt: START + 60_000,
        authorName: "Grace",
        authorEmail: "grace@example.org",
        committerEmail: "ada@example.org",
        subject: "add a thing in two lines",
        trailers: [{ key: "Claude-Session", value: "x" }],
      },
      {
        hash: first,
        parents: [],
        authorAt: START,
        committerAt: START,
        authorName: "Ada",
        authorEmail: "ada@example.org",
        committerEmail: "ada@example.org",
        subject: "first",
        trailers: [],
      },
    ] as unknown as ScannedCommit[]);
  });

  it("reads branches, remote branches, tags and worktrees' HEADs, and no stash, note or other ref", async () => {
    const seen: string[] = [];
    for (const name of ["main", "remote", "tag", "annotated", "worktree", "other", "note"]) {
      await sandbox.git("repo", "checkout", "-q", "--orphan", name);
      const hash = await sandbox.commit("repo", name);
      if (name !== "other" && name !== "note") seen.push(hash);
    }
    await sandbox.git("repo", "update-ref", "refs/remotes/origin/x", "remote");
    await sandbox.git("repo", "tag", "v1", "tag");
    await sandbox.git("repo", "tag", "-a", "-m", "v2", "v2", "annotated");
    await sandbox.git("repo", "tag", "a-tree", "main^{tree}");
    await sandbox.git("repo", "update-ref", "refs/tool/x", "other");
    await sandbox.git("repo", "update-ref", "refs/notes/x", "note");
    await sandbox.git("repo", "checkout", "-q", "main");
    await sandbox.git("repo", "worktree", "add", "-q", "--detach", "../beside", "worktree");
    for (const branch of ["remote", "tag", "annotated", "worktree", "other", "note"]) {
      await sandbox.git("repo", "branch", "-q", "-D", branch);
    }
    await Deno.writeTextFile(sandbox.path("repo/file.txt"), "stashed");
    await sandbox.git("repo", "stash", "-q");
    assertEquals((await read()).map(({ hash }) => hash).sort(), seen.sort());
  });

  it("leaves out what came before a time, and nothing that a wrong clock hides", async () => {
    const day = 86_400_000;
    const old = await sandbox.commit("repo", "old", { at: START - 30 * day });
    const hidden = await sandbox.commit("repo", "new", { at: START });
    const early = await sandbox.commit("repo", "clock at 1970", { at: 1_000_000_000 });
    const late = await sandbox.commit("repo", "clock at 2100", { at: Date.UTC(2100, 0, 1) });
    const hashes = async (since: number | null) =>
      (await read(since)).map(({ hash }) => hash).sort();
    assertEquals(await hashes(START - day), [hidden, late].sort());
    assertEquals(await hashes(null), [old, hidden, early, late].sort());
  });

  it("comes to the same where git knows no filter by time", async () => {
    await sandbox.commit("repo", "old", { at: START - 86_400_000 });
    const hash = await sandbox.commit("repo", "new", { at: START });
    await Deno.mkdir(sandbox.path("bin"));
    await sandbox.script(
      "bin/git",
      `#!/bin/sh\ncase "$*" in *--since-as-filter*) echo "fatal: unrecognized argument: --since-as-filter" >&2; exit 128;; esac\n` +
        `PATH="${Deno.env.get("PATH")}" exec git "$@"\n`,
    );
    const environment = { ...sandbox.environment, PATH: sandbox.path("bin") };
    const commits = await read(START, createGitRunner({ environment }));
    assertEquals(commits.map((commit) => commit.hash as string), [hash]);
  });

  it("survives times that no clock shows", async () => {
    const tree = await sandbox.gitWith("repo", ["mktree"], { input: "" });
    for (const [branch, time] of ["99999999999999999999", "-1", "0", "x", ""].entries()) {
      const who = `Ada <ada@example.org> ${time} +9999`;
      await raw(`b${branch}`, `tree ${tree}\nauthor ${who}\ncommitter ${who}\n\n${branch}\n`);
    }
    const commits = await read();
    assertEquals(commits.length, 5);
    for (const { authorAt, committerAt } of commits) {
      new Date(authorAt).toISOString();
      new Date(committerAt).toISOString();
    }
  });

  it("reads messages in any encoding, and replaces what is none", async () => {
    const latin = await header("encoding ISO-8859-1\n");
    await raw("latin", new Uint8Array([...bytes(latin), 0x63, 0x61, 0x66, 0xe9, 0x0a]));
    await raw("broken", new Uint8Array([...bytes(await header()), 0x61, 0xff, 0xfe, 0x62, 0x0a]));
    await raw("unknown", `${await header("encoding x-nobody-knows\n")}plain\n`);
    const subjects = (await read()).map(({ subject }) => subject).sort();
    assertEquals(subjects, ["a\ufffd\ufffdb", "café", "plain"]);
  });

  it("lets no message pass for other commits", async () => {
    const evil = `${await header()}x\0${"f".repeat(40)}\0\0${
      "1772355600\0".repeat(2)
    }a\0b\0c\0subject\0\n`;
    const utf16 = `${await header("encoding UTF-16LE\n")}a\0\0\0b\0`;
    await raw("evil", evil);
    await raw("wide", utf16);
    const hash = await sandbox.commit("repo", "honest");
    const commits = await read();
    assert(commits.some((commit) => commit.hash === hash));
    assert(commits.length <= 3);
    assert(commits.every((commit) => commit.hash !== "f".repeat(40)));
  });

  it("reads a message of many megabytes, and the commits around it", async () => {
    const body = `${"long ".repeat(2_000_000)}\n\nEntire-Checkpoint: 0123456789ab\n`;
    await raw("long", `${await header()}${body}`);
    await raw("after", `${await header()}after\n`);
    const commits = await read();
    assertEquals(commits.length, 2);
    const long = commits.find(({ subject }) => subject.startsWith("long"))!;
    assertEquals(long.subject.length, 1_000);
  });

  it("keeps every byte that a file name or a branch may have from getting in the way", async () => {
    await sandbox.commit("repo", "odd files", { files: { "a\nb\t'\"\\": "x", "日本": "y" } });
    await sandbox.git("repo", "branch", "wéird/$(x)'\"%");
    assertEquals((await read()).length, 1);
  });

  it("remembers by reflog what was amended", async () => {
    const before = await sandbox.commit("repo", "first");
    const after = await sandbox.commit("repo", "better", { args: ["--amend"] });
    const place = { cwd: sandbox.path("repo"), ceiling: sandbox.folder };
    const hashes = new Set<string>();
    const end = await scanReflogs(sandbox.runner(), {
      place,
      worktrees: ["none"],
      since: null,
      onCommits: (commits) => commits.forEach(({ hash }) => hashes.add(hash)),
    });
    assertEquals(end.kind, "ok");
    assertEquals(hashes, new Set([before, after]));
  });
});

describe("LogParser", () => {
  it("gives the same commits however the output is cut", () => {
    const commits = ["a", "b\n\nbody", "", "日本 🦊"].map((body, n) =>
      ["mark", `${n}`.repeat(40), "", "1", "2", "Ada", "a@b", "a@b", body].join("\0") + "\0"
    ).join("");
    const output = bytes(commits);
    const whole = new LogParser("mark").push(output);
    assertEquals(whole.length, 4);
    fc.assert(fc.property(fc.array(fc.nat(output.length)), (cuts) => {
      const parser = new LogParser("mark");
      const ends = [...new Set(cuts), output.length].sort((a, b) => a - b);
      let at = 0;
      const read = ends.flatMap((end) => {
        const commits = parser.push(output.subarray(at, end));
        at = end;
        return commits;
      });
      assertEquals(read, whole);
    }));
  });

  it("takes any bytes", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (output) => {
      new LogParser("m").push(output);
    }));
  });
});

describe("findTrailers", () => {
  it("finds what agents and git leave, wherever it stands and however often", () => {
    const message = `Squash (#12)

* one

Co-Authored-By: Claude Fable 5 <noreply@anthropic.com>
Claude-Session: https://claude.ai/code/session_01
* two
entire-checkpoint: 0123456789ab
Entire-Checkpoint: 01ARZ3NDEKTSV4RRFFQ69G5FAV
Co-Authored-By: Claude Fable 5 <noreply@anthropic.com>
Signed-off-by: Ada <ada@example.org>
Change-Id: I0123
See-also: nothing

🤖 Generated with [Claude Code](https://claude.com/claude-code)
(cherry picked from commit ${"a".repeat(40)})
This reverts commit ${"b".repeat(40)}.
Made-with: Cursor\r
commit ${"c".repeat(40)}
`;
    assertEquals(findTrailers(message).map(({ key, value }) => `${key}=${value}`), [
      "Co-Authored-By=Claude Fable 5 <noreply@anthropic.com>",
      "Claude-Session=https://claude.ai/code/session_01",
      "entire-checkpoint=0123456789ab",
      "Entire-Checkpoint=01ARZ3NDEKTSV4RRFFQ69G5FAV",
      "Change-Id=I0123",
      "Generated-with=[Claude Code](https://claude.com/claude-code)",
      `Cherry-picked-from=${"a".repeat(40)}`,
      `Reverts=${"b".repeat(40)}`,
      "Made-with=Cursor",
      `Squashes=${"c".repeat(40)}`,
    ]);
  });

  it("keeps a bounded number of bounded values, in bounded time", () => {
    const many = Array.from({ length: 5_000 }, (_, n) => `Claude-Session: ${n}`).join("\n");
    assertEquals(findTrailers(many).length, 1_000);
    assertEquals(findTrailers(`Claude-Session: ${"x".repeat(4_000)}`)[0].value.length, 512);
    const started = performance.now();
    findTrailers(`${"-".repeat(3_000_000)}\n${" ".repeat(3_000_000)}\n${"a-".repeat(2_000)}`);
    // In time in proportion to the square it would be hours.
    assert(performance.now() - started < 10_000);
  });
});

describe("withoutSecrets", () => {
  it("keeps where a remote is and drops who may read it", () => {
    assertEquals(
      withoutSecrets("https://ada:secret@example.org/a/b.git"),
      "https://example.org/a/b.git",
    );
    assertEquals(withoutSecrets("https://token@example.org/a?key=1#x"), "https://example.org/a");
    assertEquals(withoutSecrets("git@example.org:a/b.git"), "git@example.org:a/b.git");
    assertEquals(withoutSecrets("/srv/a@b.git"), "/srv/a@b.git");
  });
});
