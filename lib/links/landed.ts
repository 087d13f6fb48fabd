import { isTelling } from "../lines.ts";
import type { Act, RepositoryFacts } from "./facts.ts";
import { isGenerated, sameFile } from "./files.ts";
import { basename } from "./paths.ts";

/** What came of the lines that a session wrote in one file. Each different line counts once. */
export interface WrittenFile {
  /** The session's place in the facts. */
  session: number;
  /** As the repository tracks it, as far as known. */
  path: string;
  /** The first and the last edit, Unix milliseconds. */
  firstAt: number;
  lastAt: number;
  /** Lines that tell anything. */
  written: number;
  /** Those of them that a commit has which a ref holds. */
  landed: number;
  /** Those in no commit that the session itself took away again. */
  superseded: number;
  /** Lines that say too little to be told apart, of generated files, or of which git could not tell. */
  uncounted: number;
}

/** Lines that more changes than this have say nothing about the one that was written. */
const COMMON = 40;
/** A line in another file is the one that was written if no more changes than these have it: it was moved there. */
const RARE = 3;
/** How long after a commit's time a line may have been written that it has all the same. */
const SLACK_MS = 60_000;

type EditAct = Extract<Act, { kind: "edit" }>;

/** A session's edits of one file. */
interface Edits {
  session: number;
  path: string;
  acts: EditAct[];
}

/** The lines of one file as its session left them. */
interface Lines {
  edits: Edits;
  /** How often each telling line stands by the session's doing, and when it was last written. */
  standing: Map<number, { count: number; at: number }>;
  /** Lines that say too little. */
  short: Set<number>;
}

/**
 * Tells what came of every line that sessions wrote: which are in a commit, which the session took away again, and
 * which never landed.
 *
 * A line landed if a commit that a ref holds adds it in the same file, or in another one where hardly any commit has
 * it: lines are told apart by what they say alone, so that in doubt a line has landed.
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
  const landed = new Map<string, Set<number>>();
  const elsewhere = new Map<number, number>();
  for (const [path, group] of byPath) {
    const here = commits.linesIn(path, group);
    landed.set(path, here);
    for (const { standing } of group) {
      for (const hash of standing.keys()) if (!here.has(hash)) elsewhere.set(hash, 0);
    }
    yield undefined;
  }
  yield* commits.countChanges(elsewhere);
  for (const lines of files) {
    yield summed(lines, { here: landed.get(lines.edits.path)!, elsewhere, commits });
  }
}

function editsByFile({ sessions }: RepositoryFacts): Edits[] {
  return sessions.flatMap(({ acts }, session) => {
    const files = new Map<string, Edits>();
    for (const act of acts) {
      if (act.kind !== "edit") continue;
      const known = files.get(act.path);
      if (known === undefined) files.set(act.path, { session, path: act.path, acts: [act] });
      else known.acts.push(act);
    }
    return [...files.values()];
  });
}

function linesOf(edits: Edits): Lines {
  const standing: Lines["standing"] = new Map();
  const short = new Set<number>();
  const generated = isGenerated(edits.path);
  for (const { at, added, removed } of edits.acts) {
    for (const hash of removed) {
      const line = standing.get(hash);
      if (line !== undefined && line.count > 0) line.count--;
    }
    for (const hash of added) {
      if (hash === 0) continue;
      const line = standing.get(hash);
      if (generated || !isTelling(hash)) short.add(hash);
      else if (line === undefined) standing.set(hash, { count: 1, at });
      else {
        line.count++;
        line.at = at;
      }
    }
  }
  return { edits, standing, short };
}

function summed(
  { edits: { session, path, acts }, standing, short }: Lines,
  { here, elsewhere, commits }: {
    here: ReadonlySet<number>;
    elsewhere: ReadonlyMap<number, number>;
    commits: CommittedLines;
  },
): WrittenFile {
  const sum = { written: 0, landed: 0, superseded: 0, uncounted: short.size };
  for (const [hash, { count, at }] of standing) {
    const changes = elsewhere.get(hash) ?? 0;
    const landed = here.has(hash) || (changes > 0 && changes <= RARE);
    if (!landed && count > 0 && (changes > COMMON || commits.unreadSince(path, at))) {
      sum.uncounted++;
      continue;
    }
    sum.written++;
    if (landed) sum.landed++;
    else if (count === 0) sum.superseded++;
  }
  const times = acts.map(({ at }) => at);
  return { session, path, firstAt: times[0], lastAt: times.at(-1)!, ...sum };
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
      for (const { path, oldPath, added } of change?.files ?? []) {
        const read = change?.pathsOnly !== true;
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
  linesIn(path: string, written: readonly Lines[]): Set<number> {
    const wanted = new Set(written.flatMap(({ standing }) => [...standing.keys()]));
    const found = new Set<number>();
    for (const { added } of wanted.size === 0 ? [] : this.#versions(path)) {
      for (const hash of added) if (wanted.has(hash)) found.add(hash);
    }
    return found;
  }

  /** Counts how many changes have each of some lines. */
  *countChanges(lines: Map<number, number>): Generator<undefined> {
    for (const { hash, reachable } of lines.size === 0 ? [] : this.#facts.commits) {
      if (!reachable) continue;
      yield undefined;
      const seen = new Set<number>();
      for (const { added } of this.#facts.changeOf(hash)?.files ?? []) {
        for (const line of added) if (lines.has(line)) seen.add(line);
      }
      for (const line of seen) lines.set(line, lines.get(line)! + 1);
    }
  }

  /** Tells whether a commit made at a time or later may have changed a file in a way that is not known. */
  unreadSince(path: string, at: number): boolean {
    return at <= this.#unread ||
      this.#versions(path).some((version) => !version.read && version.at >= at);
  }

  #versions(path: string): CommittedFile[] {
    return (this.#byName.get(nameOf(path)) ?? []).filter((version) =>
      sameFile(path, version.path) ||
      (version.oldPath !== null && sameFile(path, version.oldPath))
    );
  }
}

function nameOf(path: string): string {
  return basename(path).toLowerCase();
}
