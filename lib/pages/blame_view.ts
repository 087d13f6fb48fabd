import type { Blame, BlameCommit } from "../git/blame.ts";
import type { RepositoryId } from "../ids.ts";
import type { Database } from "../store/database.ts";
import { type BestSession, sessionsOfHashes } from "../store/views/sessions_of_hashes.ts";
import { writtenLines } from "../store/views/written_lines.ts";
import { type CodePiece, highlightLines } from "./highlight.ts";
import { indexWritten, sameWriter, type Writer } from "./written.ts";

/** Neighbouring lines that came with one commit, from one prompt. */
export interface BlameGroup {
  commit: BlameCommit;
  /** The session and prompt that wrote these lines; null where that is not known. */
  writer: Writer | null;
  /** The session that the commit is linked with, where no line tells; null where it has none. */
  linked: BestSession | null;
  /** The number of the first line, from 1. */
  first: number;
  lines: CodePiece[][];
}

/** How many lines a page holds. */
export const LINES_A_PAGE = 2_000;

/** What a page of a blame shows. */
export interface BlameView {
  groups: BlameGroup[];
  total: number;
  /** How many lines of this page sessions are known to have written. */
  written: number;
}

/**
 * Groups the lines of a blame by who wrote them, and for what.
 *
 * @param options.from The number of the first line shown, from 1.
 */
export async function viewBlame(
  db: Database,
  blame: Blame,
  { repositoryId, path, from }: { repositoryId: RepositoryId; path: string; from: number },
): Promise<BlameView> {
  const shown = blame.lines.slice(from - 1, from - 1 + LINES_A_PAGE);
  const hashes = [...new Set(shown.map(({ hash }) => hash))];
  const ranges = writtenLines(db, repositoryId, { hashes });
  const linked = sessionsOfHashes(db, repositoryId, hashes);
  const commits = new Map(blame.commits.map((commit) => [commit.hash, commit]));
  const writers = new Map(
    [...ranges].map(([hash, ofCommit]) => [hash as string, indexWritten(ofCommit)]),
  );
  const pieces = await highlightLines(shown.map(({ text }) => text), path);
  const groups: BlameGroup[] = [];
  let written = 0;
  shown.forEach((line, i) => {
    const writer = writers.get(line.hash)?.(line.pathThen, line.lineThen) ?? null;
    if (writer !== null) written++;
    const group = groups.at(-1);
    if (group?.commit.hash === line.hash && sameWriter(group.writer, writer)) {
      group.lines.push(pieces[i]);
      return;
    }
    groups.push({
      commit: commits.get(line.hash)!,
      writer,
      linked: linked.get(line.hash) ?? null,
      first: from + i,
      lines: [pieces[i]],
    });
  });
  return { groups, total: blame.lines.length, written };
}
