import type { BlameGroup } from "../../lib/domain/blame.ts";
import { assert, assertEquals } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import type { CommitHash } from "../../lib/domain/ids.ts";
import { createGitReading } from "../../lib/git/read/reading.ts";

import { textOf } from "../../lib/highlight/code_line.ts";
import { randomFrom } from "../support/random.ts";
import { Sandbox } from "./sandbox.ts";

const ODD = String.raw`"f\351e/na\377me.ts"`;
const PLAIN = "plain.ts";

/** One commit of `git fast-import`: both files get the same content. */
interface Version {
  mark: number;
  from: number[];
  lines: string[];
}

describe("who wrote a file whose name is not UTF-8", () => {
  let sandbox: Sandbox;

  beforeEach(async () => {
    sandbox = await Sandbox.create();
    await sandbox.init("repo");
  });
  afterEach(() => sandbox[Symbol.asyncDispose]());

  const repository = () => ({ path: sandbox.path("repo"), commonDir: sandbox.path("repo/.git") });

  async function make(versions: Version[]): Promise<CommitHash> {
    const input = versions.map(({ mark, from, lines }) => {
      const [parent, ...merged] = from;
      const text = lines.map((line) => `${line}\n`).join("");
      const data = `data ${new TextEncoder().encode(text).length}\n${text}\n`;
      return [
        `commit refs/heads/made\nmark :${mark}\ncommitter A <a@b> ${1767225600 + mark} +0000`,
        `data 6\nnote ${mark % 10}`,
        ...parent === undefined ? [] : [`from :${parent}`],
        ...merged.map((it) => `merge :${it}`),
        `M 100644 inline ${ODD}\n${data}M 100644 inline ${PLAIN}\n${data}`,
      ].join("\n");
    }).join("\n") + "\ndone\n";
    const cwd = sandbox.path("repo");
    const made = await sandbox.runner().run(["fast-import", "--quiet", "--done", "--force"], {
      cwd,
      input,
    });
    assertEquals(made.kind, "ok", JSON.stringify(made));
    return await sandbox.git("repo", "rev-parse", "made") as CommitHash;
  }

  async function blame(hash: CommitHash, path: string, from = 1, count = 1_000) {
    const reading = createGitReading(sandbox.runner());
    const question = { ask: "blame", repository: repository(), hash, path, from, count } as const;
    const answer = await reading.ask(question);
    assert(answer.kind === "ok" && answer.value.kind === "text", JSON.stringify(answer));
    return answer.value;
  }

  /** Each line's commit and its number there. */
  const linesOf = (groups: BlameGroup[]) =>
    groups.flatMap(({ line, count, hash, originalLine, subject, authorName, authorAt }) =>
      Array.from(
        { length: count },
        (_, i) => [line + i, hash, originalLine + i, subject, authorName, authorAt],
      )
    );

  it("is what git blame says of the same file under another name", async () => {
    for (const seed of [1, 2, 3]) {
      const random = randomFrom(seed);
      const pick = (below: number) => Math.floor(random() * below);
      let lines: string[] = [];
      const versions = Array.from({ length: 12 }, (_, i): Version => {
        const at = pick(lines.length + 1);
        const fresh = Array.from({ length: pick(4) + 1 }, (_, n) => `@@ -1 +${i} @@ line ${n}`);
        lines = [...lines.slice(0, at), ...fresh, ...lines.slice(at + pick(3))];
        return { mark: i + 1, from: i === 0 ? [] : [i], lines };
      });
      const hash = await make(versions);
      const plain = await blame(hash, PLAIN);
      const odd = await blame(hash, ODD);
      assertEquals(odd.lines.map(textOf), lines);
      assertEquals(linesOf(odd.groups), linesOf(plain.groups));
      const part = await blame(hash, ODD, 4, 3);
      assertEquals(linesOf(part.groups), linesOf(plain.groups).slice(3, 6));
    }
  });

  it("is told through a merge where one side changed it, and left open where both did; diffs lead to it", async () => {
    const [first, left, right, both] = ["1", "2", "3", "4"].map((it) => `line ${it}`);
    const begin: Version[] = [
      { mark: 1, from: [], lines: [first] },
      { mark: 2, from: [1], lines: [first, left] },
    ];
    const one = await make([
      ...begin,
      { mark: 3, from: [1], lines: [first] },
      { mark: 4, from: [3, 2], lines: [first, left] },
    ]);
    assertEquals(
      linesOf((await blame(one, ODD)).groups),
      linesOf((await blame(one, PLAIN)).groups),
    );
    const two = await make([
      ...begin,
      { mark: 3, from: [1], lines: [right, first] },
      { mark: 4, from: [3, 2], lines: [right, first, left, both] },
    ]);
    assertEquals((await blame(two, ODD)).groups, []);
    for (const [hash, parents] of [[two, 2], [`${two}^`, 1]] as const) {
      const whole = await sandbox.git("repo", "rev-parse", hash) as CommitHash;
      const question = { ask: "diff", repository: repository(), hash: whole, parents } as const;
      const diff = await createGitReading(sandbox.runner()).ask(question);
      assert(diff.kind === "ok");
      const names = diff.value.files.map(({ path, spelledPath }) => [path, spelledPath]);
      assertEquals(names, [["f\ufffde/na\ufffdme.ts", ODD], [PLAIN, PLAIN]]);
    }
  });
});
