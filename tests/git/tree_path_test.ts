import { assert, assertEquals } from "@std/assert";
import { fc } from "../support/harness.ts";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { createGitReading, type GitReading } from "../../lib/git/read/reading.ts";
import {
  insidePath,
  isSpelled,
  pathBytes,
  pathSteps,
  readablePath,
  spellPath,
} from "../../lib/git/tree.ts";
import { textOf } from "../../lib/highlight/code_line.ts";
import type { CommitHash } from "../../lib/domain/ids.ts";
import { Sandbox } from "./sandbox.ts";

describe("spellPath", () => {
  it("leaves text as it is and spells other bytes so that they come back", () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 20 });
    fc.assert(fc.property(bytes, (bytes) => assertEquals(pathBytes(spellPath(bytes)), bytes)));
    fc.assert(fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (text) => {
      const spelled = spellPath(new TextEncoder().encode(text));
      assertEquals(readablePath(spelled), text);
      if (!text.startsWith('"')) assertEquals(spelled, text);
    }));
    assertEquals(spellPath(Uint8Array.of(0x63, 0xe9, 0x22)), '"c\\351\\042"');
    assert(!isSpelled('"half'));
    assert(!isSpelled('"we"ird"'));
  });

  it("knows the folders above a path", () => {
    const path = insidePath(insidePath("src", Uint8Array.of(0xe9)), new TextEncoder().encode("a"));
    assertEquals(pathSteps(path), [
      { name: "src", path: "src" },
      { name: "\ufffd", path: '"src/\\351"' },
      { name: "a", path: '"src/\\351/a"' },
    ]);
  });
});

describe("a file whose name is not UTF-8", () => {
  let sandbox: Sandbox;
  let reading: GitReading;
  let hash: CommitHash;

  beforeEach(async () => {
    sandbox = await Sandbox.create();
    await sandbox.init("repo");
    const git = sandbox.runner();
    reading = createGitReading(git);
    const cwd = sandbox.path("repo");
    const input = String.raw`commit refs/heads/odd
committer A <a@b> 1767225600 +0000
data 3
odd
M 100644 inline "f\351e/na\377me.ts"
data 13
const a = 1;

M 100644 inline "f\351e/plain.ts"
data 2
x

M 100644 inline "\"quoted\".txt"
data 2
y

done
`;
    const made = await git.run(["fast-import", "--quiet", "--done"], { cwd, input });
    assertEquals(made.kind, "ok");
    const found = await reading.ask({
      ask: "revision",
      repository: repository(),
      revision: "odd",
    });
    assert(found.kind === "ok");
    hash = found.value.hash;
  });
  afterEach(() => sandbox[Symbol.asyncDispose]());

  const repository = () => ({ path: sandbox.path("repo"), commonDir: sandbox.path("repo/.git") });

  async function at(path: string) {
    const answer = await reading.ask({ ask: "path", repository: repository(), hash, path });
    assert(answer.kind === "ok", JSON.stringify(answer));
    return answer.value;
  }

  async function blame(path: string) {
    const question = { ask: "blame", repository: repository(), hash, path } as const;
    const answer = await reading.ask({ ...question, from: 1, count: 100 });
    assert(answer.kind === "ok" && answer.value.kind === "text", JSON.stringify(answer));
    return answer.value;
  }

  it("is reached folder by folder, and read line by line", async () => {
    const top = await at("");
    assert(top.kind === "folder");
    const folder = top.entries.find(({ kind }) => kind === "folder")!;
    assertEquals([folder.name, folder.path], ["f\ufffde", '"f\\351e"']);
    const inside = await at(folder.path);
    assert(inside.kind === "folder");
    assertEquals(inside.entries.map(({ path }) => path).sort(), [
      '"f\\351e/na\\377me.ts"',
      '"f\\351e/plain.ts"',
    ]);
    for (const { path, size } of inside.entries) assertEquals(await at(path), file(size!));
    const { lines, groups } = await blame('"f\\351e/na\\377me.ts"');
    assertEquals(lines.map(textOf), ["const a = 1;"]);
    assertEquals(groups.map((group) => [group.line, group.count, group.hash]), [[1, 1, hash]]);
    assertEquals((await blame('"\\042quoted\\042.txt"')).lines.map(textOf), ["y"]);
  });

  it("is said to be missing where it is, by a name that can be read", async () => {
    const question = { ask: "path", repository: repository(), hash } as const;
    const answer = await reading.ask({ ...question, path: '"f\\351e/gone"' });
    assert(answer.kind === "error" && answer.code === "notFound");
    assert(answer.message.startsWith("f\ufffde/gone is not in the version"));
    for (const path of ['"a\\000b"', '"a/../b\\351"', '"a\\012\\351"']) {
      assertEquals((await reading.ask({ ...question, path })).kind, "error", path);
    }
  });

  function file(size: number) {
    return { kind: "file" as const, size, mode: "100644" };
  }
});
