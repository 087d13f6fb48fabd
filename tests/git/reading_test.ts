import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import type { GitQuery, GitResults } from "../../lib/git/read/queries.ts";
import { createGitReading, type GitReading } from "../../lib/git/read/reading.ts";
import { ReadingThread } from "../../lib/git/read/reading_thread.ts";
import { textOf } from "../../lib/highlight/code_line.ts";
import type { CommitHash } from "../../lib/domain/ids.ts";
import { WorkerStarter } from "../../lib/sync/worker/start.ts";
import { Sandbox } from "./sandbox.ts";

type Asked<Ask extends keyof GitResults> = Omit<GitQuery & { ask: Ask }, "ask" | "repository">;

describe("reading a repository while somebody looks", () => {
  let sandbox: Sandbox;
  let reading: GitReading;

  beforeEach(async () => {
    sandbox = await Sandbox.create();
    await sandbox.init("repo");
    reading = createGitReading(sandbox.runner());
  });

  afterEach(() => sandbox[Symbol.asyncDispose]());

  const repository = () => ({
    path: sandbox.path("repo"),
    commonDir: sandbox.path("repo/.git"),
  });

  async function ask<Ask extends keyof GitResults>(name: Ask, asked: Asked<Ask>) {
    const question = { ask: name, repository: repository(), ...asked };
    return await reading.ask<Ask>(question as unknown as GitQuery & { ask: Ask });
  }

  async function get<Ask extends keyof GitResults>(
    name: Ask,
    asked: Asked<Ask>,
  ): Promise<GitResults[Ask]> {
    const answer = await ask(name, asked);
    if (answer.kind !== "ok") throw new Error(answer.message);
    return answer.value;
  }

  async function commit(files: Record<string, string>, subject = "commit"): Promise<CommitHash> {
    return await sandbox.commit("repo", subject, { files }) as CommitHash;
  }

  async function blamed(hash: CommitHash, path: string, { from = 1, count = 1_000 } = {}) {
    const blame = await get("blame", { hash, path, from, count });
    if (blame.kind !== "text") throw new Error("not text");
    return blame;
  }

  it("gives each line of a diff its number on either side", async () => {
    await commit({ "a.txt": "one\ntwo\nthree\n" });
    const hash = await commit({ "a.txt": "one\n2\nthree\nfour" });
    const { files, against } = await get("diff", { hash, parents: 1 });
    assertEquals(against, "parent");
    const lines = files[0].hunks[0].lines.map(({ kind, oldLine, newLine, code }) =>
      `${kind} ${oldLine} ${newLine} ${textOf(code)}`
    );
    assertEquals(lines, [
      "context 1 1 one",
      "removed 2 null two",
      "added null 2 2",
      "context 3 3 three",
      "added null 4 four",
    ]);
  });

  it("never takes what lines and names say for git's own words", async () => {
    const trap =
      "--- a/x\n+++ b/x\n@@ -1 +1 @@\ndiff --git a/x b/x\n\\ No newline at end of file\n";
    await commit({ "a.txt": "a\n" });
    const name = 'we"ird\tn\näme\n@@ -1 +1 @@ ünd 🎉.txt';
    const hash = await commit({ "a.txt": trap, [name]: "b\n" });
    const { files } = await get("diff", { hash, parents: 1 });
    assertEquals(files.map(({ path }) => path).sort(), ["a.txt", name].sort());
    const ofTrap = files.find(({ path }) => path === "a.txt")!;
    assertEquals([ofTrap.added, ofTrap.removed], [5, 1]);
    const added = ofTrap.hunks[0].lines.filter(({ kind }) => kind === "added");
    assertEquals(added.map(({ code }) => `${textOf(code)}\n`).join(""), trap);
    const blame = await blamed(hash, name);
    assertEquals(blame.groups[0].originalPath, name);
  });

  it("tells renames, modes, links, binary files and what is new or gone", async () => {
    const text = "a line that is long enough\n".repeat(20);
    await commit({ "old name.txt": text, "gone.txt": "x\n", "run.sh": "x\n", "kind.txt": "x\n" });
    await sandbox.git("repo", "mv", "old name.txt", "new name.txt");
    await sandbox.git("repo", "rm", "-q", "gone.txt", "kind.txt");
    await Deno.chmod(sandbox.path("repo/run.sh"), 0o755);
    await Deno.symlink("elsewhere", sandbox.path("repo/kind.txt"));
    await Deno.writeFile(sandbox.path("repo/data.bin"), new Uint8Array([0, 1, 2]));
    const hash = await commit({ "zz.txt": "last\n" });
    const { files } = await get("diff", { hash, parents: 1 });
    assertEquals(
      files.map((file) => `${file.path} ${file.status} ${file.oldPath} ${file.newMode}`),
      [
        "data.bin added null 100644",
        "gone.txt deleted null null",
        "kind.txt typeChanged null 120000",
        "new name.txt renamed old name.txt 100644",
        "run.sh modified null 100755",
        "zz.txt added null 100644",
      ],
    );
    assertEquals(files.map(({ binary }) => binary), [true, false, false, false, false, false]);
    // Sections after a change of type, which has two, still belong to their files.
    assertEquals(files[5].hunks[0].lines.map(({ code }) => textOf(code)), ["last"]);
  });

  it("compares the first commit with nothing, and shows of a merge what no parent has", async () => {
    const first = await commit({ "a.txt": "one\ntwo\n" });
    assertEquals((await get("diff", { hash: first, parents: 0 })).against, "nothing");
    await sandbox.git("repo", "checkout", "-q", "-b", "side");
    await commit({ "a.txt": "side\ntwo\n", "only side.txt": "s\n" });
    await sandbox.git("repo", "checkout", "-q", "main");
    await commit({ "a.txt": "main\ntwo\n" });
    await sandbox.git("repo", "merge", "-q", "side").catch(() => {});
    const merge = await commit({ "a.txt": "both\ntwo\n" }, "merge");
    const { files, against } = await get("diff", { hash: merge, parents: 2 });
    assertEquals(against, "parents");
    assertEquals(files.map(({ path, added }) => `${path} ${added}`), ["a.txt 1"]);
    const added = files[0].hunks[0].lines.find(({ kind }) => kind === "added")!;
    assertEquals([added.newLine, textOf(added.code)], [1, "both"]);
  });

  it("cuts what is too much, and says so", async () => {
    const long = "x".repeat(10_000);
    const lines = Array.from({ length: 5_000 }, (_, i) => `line ${i}`).join("\n");
    const hash = await commit({ "long.txt": long, "many.txt": lines, "zz.txt": "z\n" });
    const { files, cut } = await get("diff", { hash, parents: 0 });
    assert(cut && files[1].cut && !files[2].cut);
    assertEquals([files[1].added, files[1].hunks[0].lines.length], [5_000, 3_000]);
    assert(textOf(files[0].hunks[0].lines[0].code).length < 2_100);
  });

  it("names the commit of each line, with its number and path then", async () => {
    const first = await commit({ "a.txt": "one\ntwo\nthree\nfour\n" }, "first");
    await sandbox.git("repo", "mv", "a.txt", "b.txt");
    const second = await commit({ "b.txt": "zero\none\ntwo\nthree\nfour\n" }, "second");
    const blame = await blamed(second, "b.txt");
    assertEquals(blame.lineCount, 5);
    assertEquals(
      blame.groups.map((
        { line, count, hash, originalLine, originalPath, subject },
      ) => [line, count, hash, originalLine, originalPath, subject]),
      [[1, 1, second, 1, "b.txt", "second"], [2, 4, first, 1, "a.txt", "first"]],
    );
    assertEquals(blame.groups[0].previous, { hash: first, path: "a.txt" });
    assertEquals(blame.groups[1].previous, null);
  });

  it("gives a part of a file, and the nearest one where there is none", async () => {
    const hash = await commit({ "a.ts": "const a = 1;\nconst b = 2;\nconst c = 3;\n" });
    const part = await blamed(hash, "a.ts", { from: 2, count: 1 });
    assertEquals([part.from, part.lines.map(textOf)], [2, ["const b = 2;"]]);
    assert(part.lines[0].some((piece) => typeof piece !== "string" && piece[1] === "keyword"));
    const past = await blamed(hash, "a.ts", { from: 900 });
    assertEquals([past.from, past.lines.length], [3, 1]);
    await commit({ "empty.txt": "" });
    const head = (await get("revision", { revision: "HEAD" })).hash;
    assertEquals((await blamed(head, "empty.txt")).lineCount, 0);
    await Deno.writeFile(sandbox.path("repo/data.bin"), new Uint8Array([0, 1, 2]));
    const binary = await commit({});
    assertEquals(await get("blame", { hash: binary, path: "data.bin", from: 1, count: 9 }), {
      kind: "binary",
      size: 3,
    });
  });

  it("ignores the revisions that a configuration would have ignored", async () => {
    await commit({ "a.txt": "one\n" });
    const second = await commit({ "a.txt": "ONE\n" });
    await Deno.writeTextFile(sandbox.path("repo/ignored"), `${second}\n`);
    await sandbox.git("repo", "config", "blame.ignoreRevsFile", "ignored");
    assertEquals((await blamed(second, "a.txt")).groups[0].hash, second);
  });

  it("does not wait for a pipe that a configuration names", async () => {
    const hash = await commit({ "a.txt": "one\n" });
    await new Deno.Command("mkfifo", { args: [sandbox.path("pipe")] }).output();
    for (const file of [sandbox.path("pipe"), "/dev/zero", "missing"]) {
      await sandbox.git("repo", "config", "blame.ignoreRevsFile", file);
      const answer = await ask("blame", { hash, path: "a.txt", from: 1, count: 1 });
      assert(answer.kind === "error");
      assertStringIncludes(answer.message, "blame.ignoreRevsFile");
    }
  });

  it("lists a folder, folders first, and tells files and submodules", async () => {
    await Deno.mkdir(sandbox.path("repo/z/deep"), { recursive: true });
    await Deno.symlink("a.txt", sandbox.path("repo/link"));
    const hash = await commit({ "z/deep/one.txt": "1\n", "a.txt": "four", "z/[x]*": "glob\n" });
    const top = await get("path", { hash, path: "" });
    assert(top.kind === "folder");
    assertEquals(top.entries.map(({ name, kind, size }) => `${name} ${kind} ${size}`), [
      "z folder null",
      "a.txt file 4",
      "link link 5",
    ]);
    const inner = await get("path", { hash, path: "z" });
    assert(inner.kind === "folder");
    assertEquals(inner.entries.map(({ name }) => name), ["deep", "[x]*"]);
    assertEquals((await get("path", { hash, path: "z/[x]*" })).kind, "file");
  });

  it("takes a branch, a tag, a hash or HEAD, and nothing else, for a revision", async () => {
    const hash = await commit({ "a.txt": "a\n" });
    await sandbox.git("repo", "branch", "näme/x");
    await sandbox.git("repo", "tag", "-a", "v1", "-m", "one");
    for (const revision of ["HEAD", "main", "näme/x", "v1", hash, hash.slice(0, 7)]) {
      assertEquals((await get("revision", { revision })).hash, hash, revision);
    }
    const refused = [
      "--help",
      "-q",
      "",
      "HEAD~1",
      "main..main",
      "@{-1}",
      ":/a",
      "HEAD:a.txt",
      "a b",
    ];
    for (const revision of [...refused, "main\n", "/main", "x.lock", "none", "0".repeat(40)]) {
      const answer = await ask("revision", { revision });
      assert(answer.kind === "error" && answer.code === "notFound", revision);
    }
  });

  it("does not leave the repository by a path", async () => {
    const hash = await commit({ "a.txt": "a\n" });
    for (
      const path of ["../repo/a.txt", "/etc/passwd", "./a.txt", "a//b", "a.txt/", "none", "a\0b"]
    ) {
      for (
        const answer of [
          await ask("path", { hash, path }),
          await ask("blame", { hash, path, from: 1, count: 1 }),
        ]
      ) assert(answer.kind === "error" && answer.code === "notFound", path);
    }
  });

  it("names the branches and tags, and those that hold a commit", async () => {
    const first = await commit({ "a.txt": "a\n" });
    await sandbox.git("repo", "tag", "v1");
    await sandbox.git("repo", "checkout", "-q", "-b", "side");
    const second = await commit({ "a.txt": "b\n" });
    const names = (refs: GitResults["refs"]) =>
      refs.refs.map(({ kind, name }) => `${kind} ${name}`).sort();
    assertEquals(names(await get("refs", {})), ["branch main", "branch side", "tag v1"]);
    assertEquals(names(await get("refs", { holding: first })).length, 3);
    assertEquals(names(await get("refs", { holding: second })), ["branch side"]);
  });

  it("says that a repository is gone, and reads one whose folder alone is", async () => {
    const hash = await commit({ "a.txt": "a\n" });
    await Deno.rename(sandbox.path("repo/.git"), sandbox.path("kept.git"));
    await Deno.remove(sandbox.path("repo"), { recursive: true });
    const gone = await ask("diff", { hash, parents: 0 });
    assert(gone.kind === "error" && gone.code === "gone");
    assertStringIncludes(gone.message, "no longer exists");
    const place = { path: sandbox.path("repo"), commonDir: sandbox.path("kept.git") };
    const kept = await reading.ask({ ask: "diff", repository: place, hash, parents: 0 });
    assertEquals(kept.kind, "ok");
  });

  it("answers from a thread of its own as it does here", async () => {
    const hash = await commit({ "a.ts": "const a = 1;\n" });
    using thread = new ReadingThread(sandbox.environment);
    const question = { ask: "diff", repository: repository(), hash, parents: 0 } as const;
    assertEquals(await thread.ask(question), await reading.ask(question));
    thread[Symbol.dispose]();
    assertEquals((await thread.ask(question)).kind, "error");
  });

  for (const place of ["this thread", "the keeper"] as const) {
    it(`starts another thread from ${place} once one has crashed`, async () => {
      const hash = await commit({ "a.ts": "const a = 1;\n" });
      const question = { ask: "diff", repository: repository(), hash, parents: 0 } as const;
      using starter = new WorkerStarter(sandbox.path("data"));
      starter.prepare();
      const startAnew = (crashed: (reason: string) => void) => starter.startReading(crashed);
      // A thread that is told of such a PATH does not live to see its first question.
      const environment = { ...sandbox.environment, PATH: 7 as unknown as string };
      using thread = new ReadingThread(environment, place === "the keeper" ? { startAnew } : {});
      for (const _ of [1, 2]) {
        const crashed = await thread.ask(question);
        assert(crashed.kind === "error" && crashed.code === "unexpected");
        assertStringIncludes(crashed.message, "starts again: reload the page");
      }
      environment.PATH = sandbox.environment.PATH!;
      assertEquals(await thread.ask(question), await reading.ask(question));
    });
  }
});
