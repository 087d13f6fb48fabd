import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { join } from "node:path";
import { createGitReading, type GitReading } from "../../lib/git/reading.ts";
import { ReadingThread } from "../../lib/git/reading_thread.ts";
import { createGitRunner } from "../../lib/git/runner.ts";

const ENVIRONMENT = { PATH: Deno.env.get("PATH") ?? "" };

describe("reading a repository for a page", () => {
  let folder: string;
  let reading: GitReading;

  beforeEach(async () => {
    folder = await Deno.makeTempDir({ prefix: "ascribe-reading-" });
    reading = createGitReading(createGitRunner({ environment: ENVIRONMENT }));
    await git("init", "-q", "-b", "main");
  });

  afterEach(async () => {
    await Deno.remove(folder, { recursive: true });
  });

  async function git(...args: string[]): Promise<string> {
    const identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"];
    const { stdout, stderr, success } = await new Deno.Command("git", {
      args: ["-C", folder, ...identity, ...args],
    }).output();
    assert(success, new TextDecoder().decode(stderr));
    return new TextDecoder().decode(stdout).trim();
  }

  async function commit(files: Record<string, string>, subject: string): Promise<string> {
    for (const [path, text] of Object.entries(files)) {
      await Deno.mkdir(join(folder, path, ".."), { recursive: true });
      await Deno.writeTextFile(join(folder, path), text);
    }
    await git("add", "-A");
    await git("commit", "-q", "-m", subject);
    return await git("rev-parse", "HEAD");
  }

  it("gives each line of a patch its number before and after", async () => {
    await commit({ "a.txt": "one\ntwo\nthree\n" }, "first");
    const hash = await commit({ "a.txt": "one\n2\nthree\nfour" }, "second");
    const answer = await reading.patch(folder, hash);
    assert(answer.kind === "patch");
    const [file] = answer.files;
    assertEquals([file.path, file.added, file.removed, file.change], ["a.txt", 2, 1, "changed"]);
    assertEquals(
      file.hunks[0].lines.map(({ mark, text, before, after }) => [mark, text, before, after]),
      [
        [" ", "one", 1, 1],
        ["-", "two", 2, null],
        ["+", "2", null, 2],
        [" ", "three", 3, 3],
        ["+", "four", null, 4],
      ],
    );
  });

  it("tells files that are new, gone, renamed, binary or have unusual names", async () => {
    const text = Array.from({ length: 20 }, (_, i) => `line ${i}`).join("\n");
    await commit({ "old name.txt": text, "gone.txt": "x\n" }, "first");
    await git("mv", "old name.txt", 'näme "q".txt');
    await git("rm", "-q", "gone.txt");
    await Deno.writeFile(join(folder, "b.bin"), new Uint8Array([0, 1, 2, 0]));
    const hash = await commit({ "new.txt": "+++ b/trap\n--- a/trap\n" }, "second");
    const answer = await reading.patch(folder, hash);
    assert(answer.kind === "patch");
    const said = answer.files.map((file) => [file.path, file.oldPath, file.change, file.binary]);
    assertEquals(said.toSorted((a, b) => String(a[0]) < String(b[0]) ? -1 : 1), [
      ["b.bin", null, "added", true],
      ["gone.txt", null, "deleted", false],
      ["new.txt", null, "added", false],
      ['näme "q".txt', "old name.txt", "renamed", false],
    ]);
    const added = answer.files.find(({ path }) => path === "new.txt")!;
    assertEquals(added.hunks[0].lines.map((line) => line.text), ["+++ b/trap", "--- a/trap"]);
  });

  it("compares a merge with its first parent, and the first commit with nothing", async () => {
    const first = await commit({ "a.txt": "a\n" }, "first");
    await git("checkout", "-q", "-b", "side");
    await commit({ "b.txt": "b\n" }, "side");
    await git("checkout", "-q", "main");
    await commit({ "c.txt": "c\n" }, "main");
    await git("merge", "-q", "--no-ff", "-m", "merge", "side");
    const merge = await reading.patch(folder, await git("rev-parse", "HEAD"));
    assert(merge.kind === "patch");
    assertEquals(merge.files.map(({ path }) => path), ["b.txt"]);
    const root = await reading.patch(folder, first);
    assert(root.kind === "patch");
    assertEquals(root.files.map(({ path, change }) => [path, change]), [["a.txt", "added"]]);
  });

  it("names the commit of each line, with its number and path then", async () => {
    const first = await commit({ "a.txt": "one\ntwo\n" }, "first");
    await git("mv", "a.txt", "b.txt");
    const second = await commit({ "b.txt": "zero\none\ntwo\n" }, "second");
    const answer = await reading.blame(folder, { path: "b.txt", at: "main" });
    assert(answer.kind === "blame");
    assertEquals(answer.commit, second);
    assertEquals(answer.lines, [
      { text: "zero", hash: second, lineThen: 1, pathThen: "b.txt" },
      { text: "one", hash: first, lineThen: 1, pathThen: "a.txt" },
      { text: "two", hash: first, lineThen: 2, pathThen: "a.txt" },
    ]);
    assertEquals(answer.commits.find(({ hash }) => hash === first)?.subject, "first");
  });

  it("lists a folder, folders first", async () => {
    await commit({ "z/one.txt": "1\n", "a.txt": "four" }, "first");
    const root = await reading.tree(folder, { path: "", at: "HEAD" });
    assert(root.kind === "tree");
    assertEquals(root.entries, [
      { name: "z", kind: "folder", size: null },
      { name: "a.txt", kind: "file", size: 4 },
    ]);
    const inside = await reading.tree(folder, { path: "z", at: "HEAD" });
    assert(inside.kind === "tree");
    assertEquals(inside.entries.map(({ name }) => name), ["one.txt"]);
  });

  it("takes nothing but a revision for a revision", async () => {
    await commit({ "a.txt": "a\n" }, "first");
    for (
      const at of ["--output=x", "HEAD..main", ":/first", "main@{1.day.ago}", "", "a b", "nope"]
    ) {
      const answer = await reading.blame(folder, { path: "a.txt", at });
      assertEquals(answer.kind, "failed", at);
    }
    const answer = await reading.patch(folder, "--root");
    assert(answer.kind === "failed");
    assertStringIncludes(answer.message, "no commit's hash");
  });

  it("says in a sentence what is not there", async () => {
    await commit({ "a.txt": "a\n" }, "first");
    const file = await reading.blame(folder, { path: "b.txt", at: "HEAD" });
    assert(file.kind === "failed");
    assertEquals(file.message, 'There is no file "b.txt" at this revision.');
    const place = await reading.tree(folder, { path: "b", at: "HEAD" });
    assert(place.kind === "failed");
    assertEquals(place.message, 'There is no folder "b" at this revision.');
  });

  it("answers from a thread of its own as it does here", async () => {
    const hash = await commit({ "a.txt": "a\n" }, "first");
    using thread = new ReadingThread(ENVIRONMENT);
    const file = { path: "a.txt", at: "HEAD" };
    const [patch, blame] = await Promise.all([
      thread.patch(folder, hash),
      thread.blame(folder, file),
    ]);
    assertEquals(patch, await reading.patch(folder, hash));
    assertEquals(blame, await reading.blame(folder, file));
  });
});
