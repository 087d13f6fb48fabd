import type { BlameGroup } from "../domain/blame.ts";
import type { CommitHash, RepositoryId } from "../domain/ids.ts";
import type { Blame } from "../git/read/queries.ts";
import { type CodeLine, textOf } from "../highlight/code_line.ts";
import type { Database } from "../store/database.ts";
import { commitsOfHashes, type CommitSummary } from "../store/read/commit_list.ts";
import type { SessionRef } from "../store/read/refs.ts";
import { writtenLines } from "../store/read/written_lines.ts";
import { indexWritten, sameWriter, type Writer } from "./line_writers.ts";

/** How many lines a page holds. */
export const LINES_A_PAGE = 1_000;

/** Whose a line is, as far as anything tells. */
export type Source =
  /** An edit of a session wrote the line. */
  | { kind: "session"; writer: Writer }
  /** The line came with a commit that is linked with a session, and no edit tells more. */
  | { kind: "commit"; session: SessionRef }
  /** The line came with a commit that no session is linked with. */
  | { kind: "nobody" }
  /** The same, of a commit by other people. */
  | { kind: "elsewhere" }
  /** The line is older than what is stored. */
  | { kind: "unknown" };

/** The commit that lines came with. */
export interface SourceCommit {
  hash: CommitHash;
  subject: string;
  authorName: string;
  /** ISO 8601 in UTC. */
  authoredAt: string;
  /** Whether the store holds it, so that it has a page. */
  stored: boolean;
}

/** Neighbouring lines that came with one commit, from one prompt. */
export interface BlameChunk {
  commit: SourceCommit;
  source: Source;
  /** The number of the first line, from 1. */
  first: number;
  lines: CodeLine[];
  /** The version before that commit; null where the file begins with it. */
  previous: BlameGroup["previous"];
}

/** A prompt or session with the lines that it wrote. */
export interface WriterOfLines extends Writer {
  lines: number;
  /** The first of them. */
  first: number;
}

/** What a page of a blame shows. */
export interface BlameView {
  chunks: BlameChunk[];
  lineCount: number;
  from: number;
  /** The last line shown. */
  to: number;
  /** How many lines of this page are whose. */
  counts: Record<Source["kind"], number>;
  /** Who wrote lines of this page, those with the most lines first. */
  writers: WriterOfLines[];
}

/** Groups the lines of a blame by who wrote them, and for what. */
export function viewBlame(
  db: Database,
  blame: Extract<Blame, { kind: "text" }>,
  repositoryId: RepositoryId,
): BlameView {
  const hashes = [...new Set(blame.groups.map(({ hash }) => hash))];
  const commits = commitsOfHashes(db, repositoryId, hashes);
  const writerOf = writersOf(db, repositoryId, blame.groups);
  const chunks: BlameChunk[] = [];
  const writers: WriterOfLines[] = [];
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

function writersOf(
  db: Database,
  repositoryId: RepositoryId,
  groups: readonly BlameGroup[],
): (group: BlameGroup, line: number) => Writer | null {
  const byPath = new Map<string, Set<string>>();
  for (const { originalPath, hash } of groups) {
    const hashes = byPath.get(originalPath) ?? new Set();
    byPath.set(originalPath, hashes.add(hash));
  }
  const found = new Map<string, (path: string, line: number) => Writer | null>();
  for (const [path, hashes] of byPath) {
    for (const [hash, ranges] of writtenLines(db, repositoryId, { hashes: [...hashes], path })) {
      found.set(`${hash} ${path}`, indexWritten(ranges));
    }
  }
  return ({ hash, originalPath }, line) =>
    found.get(`${hash} ${originalPath}`)?.(originalPath, line) ?? null;
}

/** A blank line says nothing of its own: it goes with the line above it, else with the first one below. */
function sourcesOf(lines: readonly CodeLine[], tell: (place: number) => Source): Source[] {
  const sources: Source[] = [];
  const isBlank = (line: CodeLine) => textOf(line).trim() === "";
  lines.forEach((line, i) => {
    if (!isBlank(line)) return sources.push(tell(i));
    if (i > 0) return sources.push(sources[i - 1]);
    const below = lines.findIndex((other) => !isBlank(other));
    sources.push(tell(Math.max(0, below)));
  });
  return sources;
}

function sourceOf(writer: Writer | null, commit: CommitSummary | undefined): Source {
  if (writer !== null) return { kind: "session", writer };
  if (commit === undefined) return { kind: "unknown" };
  const [session] = commit.sessions;
  if (session !== undefined) {
    return { kind: "commit", session: { sessionId: session.sessionId, title: session.title } };
  }
  return { kind: commit.elsewhere ? "elsewhere" : "nobody" };
}

function sourceCommit(group: BlameGroup, known: CommitSummary | undefined): SourceCommit {
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

function countWriter(writers: WriterOfLines[], writer: Writer, line: number): void {
  const known = writers.find((other) => sameWriter(other, writer));
  if (known === undefined) writers.push({ ...writer, lines: 1, first: line });
  else known.lines++;
}
