import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import {
  findRefLocations,
  type Fingerprint,
  readFingerprint,
} from "../../lib/git/scan/fingerprint.ts";
import { scaled } from "../support/harness.ts";
import { Sandbox } from "./sandbox.ts";

/** Long after anything that a test does. */
const later = () => Date.now() + 3_600_000;

describe("readFingerprint", () => {
  let sandbox: Sandbox;

  beforeEach(async () => {
    sandbox = await Sandbox.create();
    await sandbox.init("repo");
    await sandbox.commit("repo", "first");
  });

  afterEach(() => sandbox[Symbol.asyncDispose]());

  async function read(name = "repo", now = later): Promise<Fingerprint> {
    const outcome = await readFingerprint(sandbox.path(`${name}/.git`), { now });
    assert(outcome.kind === "fingerprint", outcome.kind);
    return outcome.fingerprint;
  }

  const changes: Record<string, () => Promise<unknown>> = {
    "a commit": () => sandbox.commit("repo", "second"),
    "an amended commit": () => sandbox.commit("repo", "better", { args: ["--amend"] }),
    "a new branch": () => sandbox.git("repo", "branch", "a/b/c"),
    "a branch that is gone": async () => {
      await sandbox.git("repo", "checkout", "-q", "--detach");
      await sandbox.git("repo", "branch", "-q", "-D", "main");
    },
    "a tag": () => sandbox.git("repo", "tag", "v1"),
    "a remote branch": () => sandbox.git("repo", "update-ref", "refs/remotes/origin/x", "HEAD"),
    "a detached HEAD": () => sandbox.git("repo", "checkout", "-q", "--detach"),
    "a commit in a worktree": async () => {
      await sandbox.git("repo", "worktree", "add", "-q", "--detach", "../beside");
      await sandbox.commit("beside", "second");
    },
    "another user.email": () => sandbox.git("repo", "config", "user.email", "eve@example.org"),
    "packed refs": () => sandbox.git("repo", "pack-refs", "--all"),
  };

  for (const [name, change] of Object.entries(changes)) {
    it(`tells ${name}`, async () => {
      const before = await read();
      assertEquals(await read(), before);
      await change();
      assertNotEquals((await read()).refs, before.refs);
    });
  }

  it("tells the notes of recorders apart from refs, and no other notes", async () => {
    const before = await read();
    await sandbox.git("repo", "notes", "add", "-m", "by hand");
    assertEquals(await read(), before);
    await sandbox.git("repo", "notes", "--ref=ai", "add", "-m", "by git-ai");
    const noted = await read();
    assertEquals(noted.refs, before.refs);
    assertNotEquals(noted.recorders, before.recorders);
  });

  for (
    const [where, make] of Object.entries({
      "a folder that the configuration names": (git: string) =>
        Deno.writeTextFile(`${git}/config`, "[extensions]\n\trefStorage = files:///x/refs\n", {
          append: true,
        }),
      "a place that HEAD does not name": (git: string) =>
        Deno.writeTextFile(`${git}/HEAD`, "ref: refs/heads/.invalid\n"),
      "a linked file": (git: string) =>
        Deno.symlink(`${git}/refs/heads/main`, `${git}/refs/heads/link`),
      "a linked folder": async (git: string) => {
        await Deno.rename(`${git}/refs/heads`, `${git}/heads`);
        await Deno.symlink(`${git}/heads`, `${git}/refs/heads`);
      },
    })
  ) {
    it(`does not stand for refs in ${where}`, async () => {
      const git = sandbox.path("repo/.git");
      await make(git);
      assertEquals((await readFingerprint(git, { now: later })).kind, "elsewhere");
    });
  }

  it("names the folder that refs are in for those who watch", async () => {
    const refs = sandbox.path("refs");
    await Deno.mkdir(`${refs}/refs/heads`, { recursive: true });
    await sandbox.git("repo", "config", "extensions.refStorage", `files://${refs}`);
    const { folders, trees } = await findRefLocations(sandbox.path("repo/.git"));
    assert(folders.includes(refs) && trees.includes(`${refs}/refs/heads`));
  });

  it("tells a commit on a detached worktree that was there before", async () => {
    await sandbox.git("repo", "worktree", "add", "-q", "--detach", "../beside");
    const before = await read();
    await sandbox.commit("beside", "second");
    assertNotEquals((await read()).refs, before.refs);
  });

  it("does not change with what is no ref", async () => {
    const before = await read();
    await Deno.writeTextFile(sandbox.path("repo/new.txt"), "x");
    await sandbox.git("repo", "add", "-A");
    await sandbox.git("repo", "update-ref", "refs/tool/x", "HEAD");
    await sandbox.git("repo", "stash", "-q");
    assertEquals(await read(), before);
  });

  it("tells a commit in a repository with reftables", async () => {
    await Deno.mkdir(sandbox.path("repo/.git/reftable"));
    const list = sandbox.path("repo/.git/reftable/tables.list");
    await Deno.writeTextFile(list, "0x000000000001-0x000000000001-aaaaaaaa.ref\n");
    const before = await read();
    await Deno.writeTextFile(list, "0x000000000001-0x000000000002-bbbbbbbb.ref\n");
    assertNotEquals((await read()).refs, before.refs);
  });

  it("tells when a shallow clone is made deeper", async () => {
    await sandbox.commit("repo", "second");
    await sandbox.commit("repo", "third");
    const url = `file://${sandbox.path("repo")}`;
    await sandbox.git(".", "clone", "-q", "--depth=1", url, "clone");
    assertEquals((await read()).boundary, "");
    const before = await read("clone");
    assertNotEquals(before.boundary, "");
    await sandbox.git("clone", "fetch", "-q", "--depth=2");
    assertNotEquals((await read("clone")).boundary, before.boundary);
    await sandbox.git("clone", "fetch", "-q", "--unshallow");
    assertEquals((await read("clone")).boundary, "");
  });

  it("tells one ref of thousands in bounded time, and says when it can't be sure", async () => {
    const hash = await sandbox.git("repo", "rev-parse", "HEAD");
    const folder = sandbox.path("repo/.git/refs/remotes/origin");
    await Deno.mkdir(folder, { recursive: true });
    for (let n = 0; n < scaled(10_000); n++) Deno.writeTextFileSync(`${folder}/b${n}`, `${hash}\n`);
    const started = performance.now();
    const before = await read();
    const took = performance.now() - started;
    assert(took < 1_000, `took ${took} ms`);
    assertEquals(before.racy, false);
    assertEquals((await read("repo", Date.now)).racy, true);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const parent = await sandbox.commit("repo", "second");
    await sandbox.git("repo", "update-ref", "refs/remotes/origin/b77", parent);
    const after = await read();
    assertNotEquals(after.refs, before.refs);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await sandbox.git("repo", "update-ref", "refs/remotes/origin/b77", hash);
    assertNotEquals((await read()).refs, after.refs);
  });

  it("leaves what it cannot read to git", async () => {
    await Deno.writeTextFile(sandbox.path("plain"), "x");
    const read = await readFingerprint(sandbox.path("plain"), { now: later });
    assert(read.kind === "fingerprint" || read.kind === "unknown");
  });
});
