import { claudeCode } from "../../tests/support/agents.ts";
import { indexSources } from "../../lib/sync/steps/index_sources.ts";
import { linkSessions } from "../../lib/sync/steps/link.ts";
import { scanRepositories } from "../../lib/sync/steps/scan.ts";
import { createGitRunner, type GitRunner } from "../../lib/git/run/runner.ts";
import type { Rule } from "../../lib/domain/links.ts";
import { type Database, openDatabase } from "../../lib/store/database.ts";
import type { FoundLink, RecordedPair } from "./score.ts";

/** A set of transcripts, a repository and the pairs recorded in it, indexed and scanned into a store of its own. */
export class PreparedSet implements Disposable {
  readonly name: string;
  readonly folder: string;
  readonly recorded: RecordedPair[];
  readonly db: Database;
  readonly runGit: GitRunner;
  readonly #temp: string;

  private constructor(folder: string) {
    this.folder = Deno.realPathSync(folder);
    this.name = this.folder.split("/").at(-1)!;
    this.#temp = Deno.makeTempDirSync({ prefix: "ascribe-links-bench-" });
    this.db = openDatabase(`${this.#temp}/ascribe.db`);
    this.runGit = createGitRunner({
      environment: { PATH: Deno.env.get("PATH"), HOME: this.#temp },
    });
    this.recorded = Deno.readTextFileSync(`${this.folder}/truth.tsv`).trim().split("\n").map(
      (line) => {
        const [commit, session, clean] = line.split("\t");
        return { commit, session, clean: clean === "1" };
      },
    );
  }

  /** Indexes and scans the set in `folder`. */
  static async open(folder: string): Promise<PreparedSet> {
    const set = new PreparedSet(folder);
    const { db, runGit } = set;
    const deps = {
      db,
      runGit,
      now: Date.now,
      agents: claudeCode(`${set.folder}/claude`),
    };
    await indexSources(deps, { onProgress: () => {} });
    await scanRepositories(deps, { onProgress: () => {} });
    return set;
  }

  /** Links the set anew. `ms` is how long it took; diffs that are kept already are not read again. */
  async link(withoutRules: readonly Rule[]): Promise<{ links: FoundLink[]; ms: number }> {
    const { db, runGit } = this;
    const since = performance.now();
    const { failures } = await linkSessions({ db, runGit, now: Date.now }, {
      onProgress: () => {},
      withoutRules,
    });
    const ms = performance.now() - since;
    for (const { repo, message } of failures) console.error(`${repo}: ${message}`);
    return { links: this.#links(), ms };
  }

  /** How long a bare `git log -p -U0` of the commits takes whose lines linking has read. */
  async bareLog(): Promise<{ ms: number; commits: number }> {
    const hashes = this.db.all<{ hash: string }>(
      "SELECT c.hash FROM commit_changes x JOIN commits c ON c.id = x.commit_id WHERE x.level = 1",
    ).map(({ hash }) => hash);
    const since = performance.now();
    const stream = this.runGit.stream(["log", "--no-walk=unsorted", "--stdin", "-p", "-U0"], {
      cwd: `${this.folder}/repo`,
      input: hashes.join("\n") + "\n",
    });
    for await (const _ of stream) { /* Only the time matters. */ }
    await stream.ended;
    return { ms: performance.now() - since, commits: hashes.length };
  }

  #links(): FoundLink[] {
    return this.db.all<{ session: string; commit: string; confidence: number; evidence: string }>(
      `SELECT s.session_id AS session, c.hash AS "commit", l.confidence, l.evidence
       FROM session_commits l JOIN sessions s ON s.id = l.session_id JOIN commits c ON c.id = l.commit_id
       ORDER BY c.hash, s.session_id`,
    ).map(({ evidence, ...link }) => ({
      ...link,
      rules: (JSON.parse(evidence) as { rule: string }[]).map(({ rule }) => rule),
    }));
  }

  [Symbol.dispose](): void {
    this.db[Symbol.dispose]();
    Deno.removeSync(this.#temp, { recursive: true });
  }
}
