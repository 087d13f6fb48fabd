import type { LinkRecord } from "../lib/store/shapes.ts";
import { claudeCode } from "./support/agents.ts";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { join } from "node:path";
import { readGitEnvironment } from "../lib/config.ts";
import { createGitRunner } from "../lib/git/run/runner.ts";
import { buildSample, type Sample } from "../sample/sample.ts";
import { type Database, openDatabase } from "../lib/store/database.ts";
import { iterateLinks } from "../lib/store/read/link_list.ts";
import { runGitSync } from "../lib/sync/pipeline.ts";
import type { GitSyncResult } from "../lib/sync/events.ts";

const DATE = "2026-03-31";
const DAY = 86_400_000;
const END = Date.parse(`${DATE}T00:00:00Z`);
const runGit = createGitRunner({ environment: readGitEnvironment() });

async function git(folder: string, ...args: string[]): Promise<string> {
  const outcome = await runGit.run(args, { cwd: folder });
  if (outcome.kind !== "ok") throw new Error(JSON.stringify(outcome));
  return new TextDecoder().decode(outcome.stdout).trim();
}

function* linesOf(folder: string): Generator<{ file: string; text: string }> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const path = join(folder, name);
    if (isDirectory) yield* linesOf(path);
    else if (name.endsWith(".jsonl")) {
      for (const text of Deno.readTextFileSync(path).trimEnd().split("\n")) {
        yield { file: path, text };
      }
    }
  }
}

describe("the sample workspace", () => {
  let dir: string;
  let sample: Sample;
  let db: Database;
  let result: GitSyncResult;
  let links: LinkRecord[];

  beforeAll(async () => {
    dir = Deno.realPathSync(await Deno.makeTempDir({ prefix: "ascribe-sample-" }));
    sample = await buildSample(dir, { date: DATE, git: runGit });
    db = openDatabase(":memory:");
    result = await runGitSync(
      { db, agents: claudeCode(sample.claudeDir), runGit, now: () => END },
      { onProgress: () => {} },
    );
    links = [...iterateLinks(db)];
  });
  afterAll(async () => {
    db[Symbol.dispose]();
    await Deno.remove(dir, { recursive: true });
  });

  const sessionsOf = (commit: string) =>
    links.filter((link) => link.commit === commit).map(({ sessionId }) => String(sessionId)).sort();

  it("holds at least 4 repositories, 40 sessions and 150 commits", async () => {
    assert(sample.repositories >= 4);
    assert(sample.sessions >= 40);
    assert(sample.commits >= 150);
    const folders = [...new Set(sample.truth.map(({ repository }) => repository))];
    const counts = await Promise.all(
      folders.map((name) => git(join(dir, "work", name), "rev-list", "--all", "--count")),
    );
    assertEquals(counts.reduce((sum, count) => sum + Number(count), 0), sample.commits);
  });

  it("spreads its work over the ninety days before its date", async () => {
    const times = (await git(join(dir, "work/tidemark"), "log", "--all", "--format=%at"))
      .split("\n").map((seconds) => Number(seconds) * 1000);
    assert(Math.max(...times) < END);
    assert(Math.min(...times) >= END - 90 * DAY);
    assert(Math.max(...times) - Math.min(...times) > 80 * DAY);
  });

  it("has the same commits and sessions wherever it is built on the same date", async () => {
    const other = await Deno.makeTempDir({ prefix: "ascribe-sample-" });
    try {
      assertEquals(
        (await buildSample(join(other, "a"), { date: DATE, git: runGit })).truth,
        sample.truth,
      );
      const later = await buildSample(join(other, "b"), { date: "2026-04-01", git: runGit });
      assertNotEquals(later.truth[0].commit, sample.truth[0].commit);
      assertEquals(later.truth.length, sample.truth.length);
    } finally {
      await Deno.remove(other, { recursive: true });
    }
  });

  it("leaves every repository with a clean working tree, and one that git refuses", async () => {
    for (const name of ["tidemark", "ferry", "harbor-web", "sounding", "handbook"]) {
      assertEquals(await git(join(dir, "work", name), "status", "--porcelain"), "");
    }
    const broken = await runGit.run(["status"], { cwd: join(dir, "work/moorings") });
    assertEquals(broken.kind, "failed");
    assertEquals(result.failures.map(({ repo }) => repo), [join(dir, "work/moorings")]);
  });

  it("has a worktree that is there, and a session in one that is gone", async () => {
    const worktrees = await git(join(dir, "work/tidemark"), "worktree", "list", "--porcelain");
    assert(worktrees.includes(`worktree ${join(dir, "work/tidemark-surge")}`));
    const gone = join(dir, "work/harbor-web/.claude/worktrees/print");
    assert([...linesOf(sample.claudeDir)].some(({ text }) => text.includes(`"cwd":"${gone}"`)));
  });

  it("is transcripts of JSON lines, each message with a session, a uuid and a time of its days", () => {
    let messages = 0;
    for (const { text } of linesOf(sample.claudeDir)) {
      const line = JSON.parse(text);
      assert(typeof line.sessionId === "string");
      if (line.uuid === undefined) continue;
      messages++;
      const at = Date.parse(line.timestamp);
      assert(at < END && at >= END - 90 * DAY);
      assertEquals(line.cwd.startsWith(join(dir, "work")), true);
    }
    assert(messages > 800);
  });

  it("tells of subagents in files of their own and as progress lines, and of a fork", () => {
    const lines = [...linesOf(sample.claudeDir)];
    assert(lines.some(({ file }) => /\/subagents\/agent-[0-9a-f]+\.jsonl$/.test(file)));
    assert(lines.some(({ text }) => text.includes('"type":"agent_progress"')));
    assert(lines.some(({ text }) => text.includes('"forkedFrom":')));
  });

  it("prints hashes that a rebase or a squash made vanish", async () => {
    const printed = [...linesOf(sample.claudeDir)]
      .flatMap(({ text }) => [...text.matchAll(/\[(positions|query-schema) ([0-9a-f]{7})\]/g)])
      .map(([, , hash]) => hash);
    assert(printed.length > 0);
    const kept = await git(join(dir, "work/tidemark"), "rev-list", "--all");
    for (const hash of printed) assert(!kept.split("\n").some((full) => full.startsWith(hash)));
  });

  it("links every commit with the sessions that wrote it", () => {
    const missing = sample.truth.filter(({ commit, sessions }) =>
      sessions.some((session) => !sessionsOf(commit).includes(session))
    );
    assertEquals(missing, []);
  });

  it("links no commit with a session that had no part in it", () => {
    const wrong = sample.truth.filter(({ commit, sessions }) =>
      sessionsOf(commit).some((session) => !sessions.includes(session))
    );
    assertEquals(wrong, []);
  });

  it("has a file that several sessions grew past line 60, and a session that is talked through", () => {
    const rows = db.all<{ path: string; sessions: number; last: number }>(
      `SELECT path, count(DISTINCT session_id) AS sessions, max(last_line) AS last FROM line_ranges
       GROUP BY path`,
    );
    assert(rows.filter(({ sessions, last }) => sessions >= 2 && last > 60).length >= 2);
    const { most } = db.get<{ most: number }>("SELECT max(prompt_count) AS most FROM sessions")!;
    assert(most >= 9, `${most}`);
  });

  it("finds nothing new in a second sync", async () => {
    const before = JSON.stringify(links);
    const again = await runGitSync(
      { db, agents: claudeCode(sample.claudeDir), runGit, now: () => END },
      { onProgress: () => {} },
    );
    assertEquals([again.commitsFound, again.linksCreated], [0, 0]);
    assertEquals(JSON.stringify([...iterateLinks(db)]), before);
  });
});
