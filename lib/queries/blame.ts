import type { BlameGroup } from "../domain/blame.ts";
import type { RepositoryId } from "../domain/ids.ts";
import type { Blame, RepositoryLocation } from "../git/read/queries.ts";
import type { GitReading } from "../git/read/reading.ts";
import { type CodeLine, textOf } from "../highlight/code_line.ts";
import type { Reads } from "../store/reads.ts";
import type { CommitSummary } from "../store/shapes.ts";
import { indexWritten, sameWriter } from "./line_writers.ts";
import { defineQuery, QueryError } from "./query.ts";
import { findRepository } from "./repositories.ts";
import { findPath, gitError, locationOf, readingOf } from "./repository_reading.ts";
import type { BlameChunk, BlameView, Source, Writer } from "./schemas.ts";

/** How many lines are given at once. */
export const LINES_A_PAGE = 1_000;

/** Who wrote each line of a file, and what had been asked for. */
export const blame = defineQuery("blame", async (context, input) => {
  const { path, rev = "HEAD", from = 1, count = LINES_A_PAGE } = input;
  const { id, ...place } = await findRepository(context, input.id);
  const git = readingOf(context);
  const repository = locationOf(place);
  const found = await findPath(git, repository, { path, revision: rev });
  if (found.kind === "error") throw gitError(found);
  if (found.at.kind !== "file") throw new QueryError("notFound", `${path} is no file.`);
  const { hash } = found;
  const answer = await git.ask({ ask: "blame", repository, hash, path, from, count });
  if (answer.kind === "error") throw gitError(answer);
  if (answer.value.kind === "binary") throw new QueryError("notFound", `${path} is not text.`);
  const view = await viewBlame(context.reads, answer.value, id);
  return {
    path,
    hash,
    lineCount: view.lineCount,
    firstLine: view.from,
    lastLine: view.to,
    counts: view.counts,
    groups: view.chunks.map(({ commit, source, first, lines }) => ({
      firstLine: first,
      lines: lines.map(textOf),
      commit,
      source: source.kind,
      session: source.kind === "session"
        ? source.writer.session
        : source.kind === "commit"
        ? source.session
        : null,
      prompt: source.kind === "session" ? source.writer.prompt : null,
    })),
  };
});

/** The same for a page: code in colours, and where to look further. */
export const blameView = defineQuery("blameView", async (context, input) => {
  const { path = "", at = "HEAD", line } = input;
  const from = line === undefined ? input.from ?? 1 : line - (line - 1) % LINES_A_PAGE;
  const repository = await findRepository(context, input.id);
  const git = readingOf(context);
  const place = locationOf(repository);
  const [found, refs] = await Promise.all([
    findPath(git, place, { path, revision: at }),
    refsOf(git, place),
  ]);
  if (found.kind === "error") return { repository, hash: null, refs, found };
  const { hash } = found;
  const page = { repository, hash, refs };
  if (found.at.kind !== "file") return { ...page, found: { kind: found.at.kind } };
  const count = LINES_A_PAGE;
  const answer = await git.ask({ ask: "blame", repository: place, hash, path, from, count });
  if (answer.kind === "error") return { ...page, found: answer };
  const value = answer.value;
  if (value.kind === "binary") return { ...page, found: value };
  const view = await viewBlame(context.reads, value, repository.id);
  const lines = value.groups.length === 0 ? value.lines : [];
  return { ...page, found: { kind: "text", view, lines } };
});

/** What a version of a repository has at a path. */
export const files = defineQuery("files", async (context, { id, path = "", at = "HEAD" }) => {
  const repository = await findRepository(context, id);
  const git = readingOf(context);
  const place = locationOf(repository);
  const [found, refs] = await Promise.all([
    findPath(git, place, { path, revision: at }),
    refsOf(git, place),
  ]);
  return found.kind === "error"
    ? { repository, hash: null, refs, found }
    : { repository, hash: found.hash, refs, found: found.at };
});

async function refsOf(git: GitReading, repository: RepositoryLocation) {
  const refs = await git.ask({ ask: "refs", repository });
  return refs.kind === "ok" ? refs.value.refs : [];
}

/** Groups the lines of a blame by who wrote them, and for what. */
export async function viewBlame(
  reads: Reads,
  blame: Extract<Blame, { kind: "text" }>,
  repositoryId: RepositoryId,
): Promise<BlameView> {
  const hashes = [...new Set(blame.groups.map(({ hash }) => hash))];
  const commits = await reads.commitsOfHashes(repositoryId, hashes);
  const writerOf = await writersOf(reads, repositoryId, blame.groups);
  const chunks: BlameChunk[] = [];
  const writers: BlameView["writers"] = [];
  const counts = { session: 0, commit: 0, nobody: 0, elsewhere: 0, unknown: 0 };
  for (const group of blame.groups) {
    const known = commits.get(group.hash);
    const codes = blame.lines.slice(group.line - blame.from, group.line - blame.from + group.count);
    const sources = sourcesOf(
      codes,
      (i) => sourceOf(writerOf(group, group.originalLine + i), known),
    );
    codes.forEach((code, i) => {
      const source = sources[i];
      const line = group.line + i;
      counts[source.kind]++;
      if (source.kind === "session") countWriter(writers, source.writer, line);
      const last = chunks.at(-1);
      if (
        last !== undefined && last.commit.hash === group.hash && sameSource(last.source, source)
      ) {
        last.lines.push(code);
      } else {
        const commit = sourceCommit(group, known);
        chunks.push({ commit, source, first: line, lines: [code], previous: group.previous });
      }
    });
  }
  writers.sort((a, b) => b.lines - a.lines || a.first - b.first);
  const { lineCount, from } = blame;
  return { chunks, lineCount, from, to: from + blame.lines.length - 1, counts, writers };
}

async function writersOf(
  reads: Reads,
  repositoryId: RepositoryId,
  groups: readonly BlameGroup[],
): Promise<(group: BlameGroup, line: number) => Writer | null> {
  const byPath = new Map<string, Set<string>>();
  for (const { originalPath, hash } of groups) {
    const hashes = byPath.get(originalPath) ?? new Set();
    byPath.set(originalPath, hashes.add(hash));
  }
  const found = new Map<string, (path: string, line: number) => Writer | null>();
  for (const [path, hashes] of byPath) {
    const written = await reads.writtenLines(repositoryId, { hashes: [...hashes], path });
    for (const [hash, ranges] of written) {
      found.set(`${hash} ${path}`, indexWritten(ranges));
    }
  }
  return ({ hash, originalPath }, line) =>
    found.get(`${hash} ${originalPath}`)?.(originalPath, line) ?? null;
}

/** A blank line says nothing of its own: it goes with the line above it, else with the first one below. */
function sourcesOf(lines: readonly CodeLine[], sourceAt: (index: number) => Source): Source[] {
  const sources: Source[] = [];
  const isBlank = (line: CodeLine) => textOf(line).trim() === "";
  lines.forEach((line, i) => {
    if (!isBlank(line)) return sources.push(sourceAt(i));
    if (i > 0) return sources.push(sources[i - 1]);
    const below = lines.findIndex((other) => !isBlank(other));
    sources.push(sourceAt(Math.max(0, below)));
  });
  return sources;
}

function sourceOf(writer: Writer | null, commit: CommitSummary | undefined): Source {
  if (writer !== null) return { kind: "session", writer };
  if (commit === undefined) return { kind: "unknown" };
  const [session] = commit.sessions;
  if (session !== undefined) {
    const { sessionId, title, agent } = session;
    return { kind: "commit", session: { sessionId, title, agent } };
  }
  return { kind: commit.elsewhere ? "elsewhere" : "nobody" };
}

function sourceCommit(group: BlameGroup, known: CommitSummary | undefined): BlameChunk["commit"] {
  const { hash } = group;
  if (known !== undefined) {
    const { subject, authorName, authoredAt } = known;
    return { hash, subject, authorName, authoredAt, stored: true };
  }
  const { subject, authorName, authorAt } = group;
  // Times in commits may be any number, also one that no date has.
  const at = Math.abs(authorAt) <= 8.64e15 ? authorAt : 0;
  return { hash, subject, authorName, authoredAt: new Date(at).toISOString(), stored: false };
}

function sameSource(a: Source, b: Source): boolean {
  if (a.kind === "session" && b.kind === "session") return sameWriter(a.writer, b.writer);
  return a.kind === b.kind;
}

function countWriter(writers: BlameView["writers"], writer: Writer, line: number): void {
  const known = writers.find((other) => sameWriter(other, writer));
  if (known === undefined) writers.push({ ...writer, lines: 1, first: line });
  else known.lines++;
}
