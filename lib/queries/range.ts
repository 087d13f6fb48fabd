import type { AgentId, CommitHash, RepositoryId, SessionId } from "../domain/ids.ts";
import { readerOf } from "../sessions/registry.ts";
import type { Reads } from "../store/reads.ts";
import type { CommitSummary, WrittenRange } from "../store/shapes.ts";
import { defineQuery } from "./query.ts";
import { findRepository } from "./repositories.ts";
import { gitError, locationOf, readingOf } from "./repository_reading.ts";
import type { Authorship, RangeReport } from "./schemas.ts";

/** Which sessions commits came from, in the order of their hashes; those that are not stored are left out. */
export const authorship = defineQuery("authorship", async ({ reads }, { id, hashes }) => {
  const [commits, written] = await Promise.all([
    reads.commitsOfHashes(id, hashes),
    reads.writtenLines(id, { hashes }),
  ]);
  const agents = await reads.agentsOf(
    [...commits.values()].flatMap(({ sessions }) => sessions.map(({ sessionId }) => sessionId)),
  );
  return hashes.flatMap((hash): Authorship[] => {
    const commit = commits.get(hash as CommitHash);
    if (commit === undefined) return [];
    const ranges = written.get(commit.hash) ?? [];
    return [{
      commit,
      sessions: commit.sessions.map(({ sessionId, title, tier, confidence, share }) => {
        const own = ranges.filter(({ session }) => session.sessionId === sessionId);
        const agent = agentTitle(agents.get(sessionId));
        return { sessionId, title, agent, tier, confidence, share, prompt: mainPrompt(own) };
      }),
    }];
  });
});

/** The sessions, prompts and lines behind the commits that `head` has and `base` has not. */
export const range = defineQuery("range", async (context, { id, base, head }) => {
  const found = await findRepository(context, id);
  const git = readingOf(context);
  const repository = locationOf(found);
  const [from, to] = await Promise.all([
    git.ask({ ask: "revision", repository, revision: base }),
    git.ask({ ask: "revision", repository, revision: head }),
  ]);
  if (from.kind !== "ok") throw gitError(from);
  if (to.kind !== "ok") throw gitError(to);
  const ends = { base: from.value.hash, head: to.value.hash };
  const answer = await git.ask({ ask: "range", repository, ...ends });
  if (answer.kind !== "ok") throw gitError(answer);
  const { mergeBase, commits, cut } = answer.value;
  const hashes = commits.map(({ hash }) => hash);
  const { reads } = context;
  const [stored, written] = await Promise.all([
    reads.commitsOfHashes(found.id, hashes),
    reads.writtenLines(found.id, { hashes }),
  ]);
  const tally = new Tally();
  for (const commit of commits) {
    tally.add(commit, { stored: stored.get(commit.hash), ranges: written.get(commit.hash) ?? [] });
  }
  return {
    ...ends,
    mergeBase,
    cut,
    commits: commits.map(({ hash, subject, authorName }) => ({
      hash,
      subject,
      authorName,
      sessions: (stored.get(hash)?.sessions ?? []).map((
        { sessionId, title, agent, confidence },
      ) => ({
        sessionId,
        title,
        agent,
        confidence,
      })),
    })),
    ...tally.result(),
    sessions: await sessionsOf(reads, found.id, tally),
  };
});

type Lines = RangeReport["lines"];

const noLines = (): Lines => ({
  added: 0,
  bySessions: 0,
  withSessions: 0,
  byHand: 0,
  byOthers: 0,
  unknown: 0,
});

/** Adds up lines, commit by commit. */
class Tally {
  readonly sessions = new Map<
    SessionId,
    Pick<RangeReport["sessions"][number], "sessionId" | "title" | "commits" | "lines">
  >();
  readonly #lines = noLines();
  readonly #files = new Map<string, Lines>();
  readonly #prompts = new Map<string, RangeReport["prompts"][number]>();

  add(
    { files }: { files: readonly { path: string; added: number }[] },
    { stored, ranges }: { stored: CommitSummary | undefined; ranges: readonly WrittenRange[] },
  ): void {
    for (const session of stored?.sessions ?? []) this.#session(session).commits++;
    const traced = new Map<string, number>();
    for (const { path, firstLine, lastLine, session, prompt } of ranges) {
      const lines = lastLine - firstLine + 1;
      traced.set(path, (traced.get(path) ?? 0) + lines);
      this.#session(session).lines += lines;
      if (prompt === null) continue;
      const key = `${session.sessionId} ${prompt.id}`;
      const known = this.#prompts.get(key) ?? { ...prompt, session, lines: 0 };
      known.lines += lines;
      this.#prompts.set(key, known);
    }
    for (const { path, added } of files) {
      const bySessions = Math.min(added, traced.get(path) ?? 0);
      const file = this.#files.get(path) ?? noLines();
      this.#files.set(path, file);
      for (const lines of [file, this.#lines]) {
        lines.added += added;
        lines.bySessions += bySessions;
        lines[restOf(stored)] += added - bySessions;
      }
    }
  }

  #session({ sessionId, title }: { sessionId: SessionId; title: string | null }) {
    const known = this.sessions.get(sessionId) ?? { sessionId, title, commits: 0, lines: 0 };
    this.sessions.set(sessionId, known);
    return known;
  }

  result(): Pick<RangeReport, "lines" | "prompts" | "files" | "testsTouched"> {
    const files = [...this.#files].map(([path, lines]) => ({
      path,
      test: isTestPath(path),
      ...lines,
    })).sort((a, b) => b.added - a.added || (a.path < b.path ? -1 : 1));
    return {
      lines: this.#lines,
      prompts: [...this.#prompts.values()].sort((a, b) => a.at < b.at ? -1 : a.at > b.at ? 1 : 0),
      files,
      testsTouched: files.some(({ test }) => test),
    };
  }
}

/** Whose lines of a commit are that no edit of a session is known for. */
function restOf(commit: CommitSummary | undefined): Exclude<keyof Lines, "added" | "bySessions"> {
  if (commit === undefined) return "unknown";
  if (commit.sessions.length > 0) return "withSessions";
  return commit.elsewhere ? "byOthers" : "byHand";
}

async function sessionsOf(
  reads: Reads,
  repository: RepositoryId,
  { sessions }: Tally,
): Promise<RangeReport["sessions"]> {
  const agents = await reads.agentsOf([...sessions.keys()]);
  const found: RangeReport["sessions"] = [];
  for (const session of sessions.values()) {
    const { sessionId } = session;
    const notLanded: RangeReport["sessions"][number]["notLanded"] = [];
    for await (
      const { path, linesNotLanded } of reads.everyEdit({
        repository,
        sessionId,
        landed: "missing",
      })
    ) {
      notLanded.push({ path, lines: linesNotLanded });
    }
    found.push({ ...session, agent: agentTitle(agents.get(sessionId)), notLanded });
  }
  return found.sort((a, b) => b.lines - a.lines || b.commits - a.commits);
}

/** The agent's own name; null where none is known. */
export function agentTitle(agent: AgentId | undefined): string | null {
  return agent === undefined ? null : readerOf(agent).title;
}

/** The prompt that most of the lines answer. */
function mainPrompt(ranges: readonly WrittenRange[]): WrittenRange["prompt"] {
  const lines = new Map<string, number>();
  let best: WrittenRange["prompt"] = null;
  for (const { prompt, firstLine, lastLine } of ranges) {
    if (prompt === null) continue;
    lines.set(prompt.id, (lines.get(prompt.id) ?? 0) + lastLine - firstLine + 1);
    if (best === null || lines.get(prompt.id)! > lines.get(best.id)!) best = prompt;
  }
  return best;
}

/** Whether a path is a test's, by the names that test runners of most languages look for. */
export function isTestPath(path: string): boolean {
  return /(^|\/)(tests?|specs?|__tests__|testdata|e2e)\//i.test(path) ||
    /([._-](test|tests|spec)\.[^/.]+|(^|\/)test_[^/]+\.py|[a-z0-9]Tests?\.(java|kt|cs|swift|scala))$/
      .test(path);
}
