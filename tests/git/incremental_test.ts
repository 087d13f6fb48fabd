import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { fc, scaled } from "../support/harness.ts";
import type { GitRunner } from "../../lib/git/run/runner.ts";
import type { Database } from "../../lib/store/database.ts";
import { Sandbox, scan, START, storeOf } from "./sandbox.ts";

const BRANCHES = ["main", "topic", "fix"] as const;
type Branch = typeof BRANCHES[number];

/** Something that happens to a repository between two scans, or a scan. */
type Step =
  | { kind: "commit"; branch: Branch; hours: number }
  | { kind: "merge"; into: Branch; from: Branch }
  | { kind: "amend"; branch: Branch; hours: number }
  | { kind: "rebase"; branch: Branch; onto: Branch }
  | { kind: "reset"; branch: Branch; back: number }
  | { kind: "delete"; branch: Branch }
  | { kind: "tag"; branch: Branch }
  | { kind: "untag" }
  | { kind: "prune" }
  | { kind: "scan" };

const branch = fc.constantFrom(...BRANCHES);
/** Clocks go wrong by years in either direction. */
const hours = fc.oneof(
  { weight: 4, arbitrary: fc.nat(200) },
  { weight: 1, arbitrary: fc.integer({ min: -400_000, max: 400_000 }) },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("commit" as const), branch, hours }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("merge" as const), into: branch, from: branch }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("amend" as const), branch, hours }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("rebase" as const), branch, onto: branch }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("reset" as const), branch, back: fc.nat(3) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("delete" as const), branch }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("tag" as const), branch }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("untag" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("prune" as const) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("scan" as const) }) },
);

interface Commit {
  parents: string[];
  hours: number;
}

/** A bare repository that keeps no reflogs, and what its branches and tag point at. */
class History {
  #sandbox: Sandbox;
  #tree: string;
  #count = 0;
  #commits = new Map<string, Commit>();
  #refs = new Map<string, string>();

  private constructor(sandbox: Sandbox, tree: string) {
    this.#sandbox = sandbox;
    this.#tree = tree;
  }

  static async create(sandbox: Sandbox): Promise<History> {
    await sandbox.init("repo", "--bare");
    return new History(sandbox, await sandbox.gitWith("repo", ["mktree"], { input: "" }));
  }

  async apply(step: Exclude<Step, { kind: "scan" }>): Promise<void> {
    switch (step.kind) {
      case "commit":
        return await this.#commit(step.branch, {
          parents: this.#at(step.branch),
          hours: step.hours,
        });
      case "merge": {
        const parents = [...new Set([...this.#at(step.into), ...this.#at(step.from)])];
        return await this.#commit(step.into, { parents, hours: 1 });
      }
      case "amend": {
        const [head] = this.#at(step.branch);
        if (head === undefined) return;
        const { parents } = this.#commits.get(head)!;
        return await this.#commit(step.branch, { parents, hours: step.hours });
      }
      case "rebase": {
        const moved = this.#line(step.branch);
        const base = new Set(this.#line(step.onto));
        let parents = this.#at(step.onto);
        if (parents.length === 0) return;
        for (const hash of moved.filter((hash) => !base.has(hash)).reverse()) {
          await this.#commit(step.branch, { parents, hours: this.#commits.get(hash)!.hours });
          parents = this.#at(step.branch);
        }
        return;
      }
      case "reset": {
        const target = this.#line(step.branch)[step.back];
        return target === undefined ? undefined : await this.#set(step.branch, target);
      }
      case "delete":
        return await this.#unset(`refs/heads/${step.branch}`);
      case "tag": {
        const [head] = this.#at(step.branch);
        if (head === undefined) return;
        this.#refs.set("refs/tags/v1", head);
        await this.#sandbox.git("repo", "update-ref", "refs/tags/v1", head);
        return;
      }
      case "untag":
        return await this.#unset("refs/tags/v1");
      case "prune":
        await this.#sandbox.git("repo", "gc", "-q", "--prune=now");
        return;
      default:
        return step satisfies never;
    }
  }

  #at(branch: string): string[] {
    const head = this.#refs.get(`refs/heads/${branch}`);
    return head === undefined ? [] : [head];
  }

  #line(branch: string): string[] {
    const line: string[] = [];
    for (let at = this.#at(branch)[0]; at !== undefined; at = this.#commits.get(at)!.parents[0]) {
      line.push(at);
    }
    return line;
  }

  async #commit(branch: Branch, commit: Commit): Promise<void> {
    const date = `@${Math.max(1, START / 1000 + commit.hours * 3_600)} +0000`;
    const hash = await this.#sandbox.gitWith(
      "repo",
      [
        "commit-tree",
        this.#tree,
        "-m",
        `${++this.#count}`,
        ...commit.parents.flatMap((parent) => ["-p", parent]),
      ],
      { env: { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date } },
    );
    this.#commits.set(hash, commit);
    await this.#set(branch, hash);
  }

  async #set(branch: string, hash: string): Promise<void> {
    this.#refs.set(`refs/heads/${branch}`, hash);
    await this.#sandbox.git("repo", "update-ref", `refs/heads/${branch}`, hash);
  }

  async #unset(ref: string): Promise<void> {
    if (!this.#refs.delete(ref)) return;
    await this.#sandbox.git("repo", "update-ref", "-d", ref);
  }
}

function rows(db: Database): unknown[] {
  return db.all(
    `SELECT hash, parents, author_at, committer_at, author_name, subject, trailers FROM commits
     WHERE reachable = 1 ORDER BY hash`,
  );
}

async function scanAnew(sandbox: Sandbox, runner: GitRunner): Promise<unknown[]> {
  using fresh = storeOf([[sandbox.path("repo")]]);
  await scan(fresh, runner);
  return rows(fresh);
}

describe("scanning what is new", () => {
  it("comes to the same as scanning everything, whatever happened to history and clocks", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 24 }), async (steps) => {
        await using sandbox = await Sandbox.create();
        const history = await History.create(sandbox);
        using db = storeOf([[sandbox.path("repo")]]);
        const runner = sandbox.runner();
        const known = new Set<string>();
        for (const step of [...steps, { kind: "scan" } as const]) {
          if (step.kind !== "scan") {
            await history.apply(step);
            continue;
          }
          const { failures, commitsFound } = await scan(db, runner);
          assertEquals(failures, []);
          const before = known.size;
          for (const { hash } of db.all<{ hash: string }>("SELECT hash FROM commits")) {
            known.add(hash);
          }
          assertEquals(commitsFound, known.size - before);
        }
        assertEquals(rows(db), await scanAnew(sandbox, runner));
        const total = db.get<{ n: number }>("SELECT count(*) AS n FROM commits")!.n;
        assertEquals(total, known.size);
      }),
      { numRuns: scaled(60) },
    );
  });
});
