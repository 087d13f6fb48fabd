import type { WrittenFile } from "../../domain/links.ts";
import { isDistinctive } from "../../domain/line_hashes.ts";
import type { Action, RepositoryFacts } from "../../domain/link_facts.ts";
import { nameOf, sameFile } from "../files.ts";

/** Lines that more changes than this have say nothing about the one that was written. */
const COMMON = 40;
/** A line in another file is the one that was written if no more changes than these have it: it was moved there. */
const RARE = 3;
/** How long after a commit's time a line may have been written that it has all the same. */
const SLACK_MS = 60_000;

type EditAct = Extract<Action, { kind: "edit" }>;

/** A session's edits of one file. */
interface Edits {
  session: number;
  path: string;
  actions: EditAct[];
}

/** The lines of one file as its session left them. */
interface Lines {
  edits: Edits;
  /** How often each telling line stands by the session's doing, when it was last written, and whether as a whole. */
  surviving: Map<number, { count: number; at: number; whole: boolean }>;
  /** Lines that say too little. */
  short: Set<number>;
}

/**
 * Tells what came of every line that sessions wrote: which are in a commit, which the session took away again, and
 * which never landed.
 *
 * A line landed if a commit that a ref holds adds it in the same file, or in another one where hardly any commit has
 * it: lines are told apart by what they say alone, so that in doubt a line has landed. What may be a part of a line is
 * counted if it is found, and not missed if it is not.
 *
 * @returns One for each session and file; undefined in between, at moments to let others work.
 */
export function* landedLines(facts: RepositoryFacts): Generator<WrittenFile | undefined> {
  const files: Lines[] = [];
  for (const edits of editsByFile(facts)) {
    files.push(linesOf(edits));
    yield undefined;
  }
  const commits = new CommittedLines(facts);
  yield* commits.read();
  const byPath = Map.groupBy(files, ({ edits }) => edits.path);
  const landed = new Map<string, Committed>();
  const otherFiles = new Map<number, number>();
  for (const [path, group] of byPath) {
    const here = commits.committedIn(path, group);
    landed.set(path, here);
    for (const { surviving } of group) {
      for (const hash of surviving.keys()) if (!here.lines.has(hash)) otherFiles.set(hash, 0);
    }
    yield undefined;
  }
  yield* commits.countChanges(otherFiles);
  for (const lines of files) {
    yield summed(lines, { here: landed.get(lines.edits.path)!, otherFiles });
  }
}

function editsByFile({ sessions }: RepositoryFacts): Edits[] {
  return sessions.flatMap(({ actions }, session) => {
    const files = new Map<string, Edits>();
    for (const action of actions) {
      if (action.kind !== "edit") continue;
      const known = files.get(action.path);
      if (known === undefined) {
        files.set(action.path, { session, path: action.path, actions: [action] });
      } else known.actions.push(action);
    }
    return [...files.values()];
  });
}

function linesOf(edits: Edits): Lines {
  const surviving: Lines["surviving"] = new Map();
  const short = new Set<number>();
  const isNotebook = edits.path.endsWith(".ipynb");
  for (const { at, added, removed, partial } of edits.actions) {
    for (const hash of removed) {
      const line = surviving.get(hash);
      if (line !== undefined && line.count > 0) line.count--;
    }
    for (const [i, hash] of added.entries()) {
      if (hash === 0) continue;
      const line = surviving.get(hash);
      // A notebook's lines are spelled in one of two ways, of which only one can land.
      const whole = !isNotebook && !(partial && (i === 0 || i === added.length - 1));
      if (!isDistinctive(hash)) short.add(hash);
      else if (line === undefined) surviving.set(hash, { count: 1, at, whole });
      else {
        line.count++;
        line.at = at;
        line.whole ||= whole;
      }
    }
  }
  return { edits, surviving, short };
}

function summed(
  { edits: { session, path, actions }, surviving, short }: Lines,
  { here, otherFiles }: { here: Committed; otherFiles: ReadonlyMap<number, number> },
): WrittenFile {
  const sum = { written: 0, landed: 0, undone: 0, uncounted: short.size };
  for (const [hash, { count, at, whole }] of surviving) {
    const changes = here.lines.has(hash) ? null : otherFiles.get(hash) ?? 0;
    const landed = changes === null || (changes > 0 && changes <= RARE);
    if (!landed && (!whole || count > 0 && (changes > COMMON || at <= here.unread))) {
      sum.uncounted++;
      continue;
    }
    sum.written++;
    if (landed) sum.landed++;
    else if (count === 0) sum.undone++;
  }
  return { session, path, firstAt: actions[0].at, lastAt: actions.at(-1)!.at, ...sum };
}

/** What commits have of the lines that were written in one file. */
interface Committed {
  lines: Set<number>;
  /** The time of the latest commit that may have changed the file in a way that is not known. */
  unread: number;
}

/** A version of a file that a commit made. */
interface CommittedFile {
  path: string;
  oldPath: string | null;
  added: Uint32Array;
  /** The commit's time, after which nothing that it has was written. */
  at: number;
  /** False where only the paths are known. */
  read: boolean;
}

/** What the commits have that refs hold. */
class CommittedLines {
  readonly #facts: RepositoryFacts;
  readonly #byName = new Map<string, CommittedFile[]>();
  /** The time of the latest commit that git could not read. */
  #unread = -Infinity;

  constructor(facts: RepositoryFacts) {
    this.#facts = facts;
  }

  *read(): Generator<undefined> {
    for (const { hash, reachable, authorAt, committerAt } of this.#facts.commits) {
      if (!reachable) continue;
      yield undefined;
      const at = Math.max(authorAt, committerAt) + SLACK_MS;
      const change = this.#facts.changeOf(hash);
      if (change === null) this.#unread = Math.max(this.#unread, at);
      for (const { path, oldPath, added, removed } of change?.files ?? []) {
        const read = change?.pathsOnly !== true &&
          (change?.partial !== true || added.length + removed.length > 0);
        const file: CommittedFile = { path, oldPath, added, at, read };
        const names = new Set([path, oldPath ?? path].map(nameOf));
        for (const name of names) {
          const known = this.#byName.get(name);
          if (known === undefined) this.#byName.set(name, [file]);
          else known.push(file);
        }
      }
    }
  }

  /** The lines that sessions wrote in a file and that a commit has there. */
  committedIn(path: string, written: readonly Lines[]): Committed {
    const wanted = new Set<number>();
    for (const { surviving } of written) for (const hash of surviving.keys()) wanted.add(hash);
    const here: Committed = { lines: new Set(), unread: this.#unread };
    for (const { added, read, at } of wanted.size === 0 ? [] : this.#versions(path)) {
      if (!read) here.unread = Math.max(here.unread, at);
      for (const hash of added) if (wanted.has(hash)) here.lines.add(hash);
    }
    return here;
  }

  /** Counts how many changes have each of some lines. */
  *countChanges(lines: Map<number, number>): Generator<undefined> {
    const last = new Map<number, number>();
    for (const [place, { hash, reachable }] of this.#facts.commits.entries()) {
      if (!reachable || lines.size === 0) continue;
      yield undefined;
      for (const { added } of this.#facts.changeOf(hash)?.files ?? []) {
        for (const line of added) {
          const count = lines.get(line);
          if (count === undefined || last.get(line) === place) continue;
          last.set(line, place);
          lines.set(line, count + 1);
        }
      }
    }
  }

  #versions(path: string): CommittedFile[] {
    return (this.#byName.get(nameOf(path)) ?? []).filter((version) =>
      sameFile(path, version.path) ||
      (version.oldPath !== null && sameFile(path, version.oldPath))
    );
  }
}
