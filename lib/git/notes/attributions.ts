import type { Attributions, CommitNote } from "../../domain/link_facts.ts";
import type { GitRunner } from "../run/runner.ts";
import { RECORDER_NOTES } from "../scan/refs.ts";

/** Where Entire keeps its checkpoints: the local branch, or a remote's copy of it. */
const CHECKPOINT_REFS = [
  "refs/heads/entire/checkpoints/v1",
  "refs/remotes/origin/entire/checkpoints/v1",
];

/** Checkpoints and notes beyond these are not looked at. */
const MAX_BLOBS = 50_000;
/** A note or metadata file of more bytes is none. */
const MAX_BLOB_BYTES = 1 << 20;

const METADATA = /^([0-9A-Za-z]{2})\/([0-9A-Za-z]+)\/(?:\d+\/)?metadata\.json$/;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

/** What is to be read of a repository's recorders. */
export interface RecorderOptions {
  /** The repository: a worktree's folder or a git directory. */
  cwd: string;
  /** The checkpoints that commits name. */
  checkpoints: ReadonlySet<string>;
  signal?: AbortSignal;
}

/**
 * Reads which sessions recorders saw at work: Entire's branch for the checkpoints asked for, and the notes that git-ai,
 * tools of its format and Qwen Code leave on commits.
 *
 * @returns Nothing where the repository has no such branch or notes, or git cannot read them.
 */
export async function readAttributions(
  git: GitRunner,
  { cwd, checkpoints, signal }: RecorderOptions,
): Promise<Attributions> {
  const named = {
    checkpoints: new Map<string, string[]>(),
    notes: new Map<string, CommitNote[]>(),
  };
  const wanted: { oid: string; add: (text: string) => void }[] = [];
  for (const ref of checkpoints.size === 0 ? [] : CHECKPOINT_REFS) {
    const tree = await listTree(git, { cwd, ref, signal });
    for (const { oid, path } of tree) {
      const [, start, rest] = METADATA.exec(path) ?? [];
      if (start === undefined || !checkpoints.has(start + rest)) continue;
      wanted.push({
        oid,
        add: (text) => addTo(named.checkpoints, start + rest, sessionIdsOf(text)),
      });
    }
    if (tree.length > 0) break;
  }
  for (const name of RECORDER_NOTES) {
    const ref = `refs/notes/${name}`;
    for (const { oid, path } of await listTree(git, { cwd, ref, signal })) {
      const commit = path.replaceAll("/", "");
      if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit)) continue;
      wanted.push({
        oid,
        add: (text) => {
          const found = name === "ai-attribution" ? toolNote(text, ref) : sessionNotes(text, ref);
          if (found.length > 0) {
            named.notes.set(commit, [...named.notes.get(commit) ?? [], ...found]);
          }
        },
      });
    }
  }
  const texts = await readBlobs(git, { cwd, oids: wanted.map(({ oid }) => oid), signal });
  for (const { oid, add } of wanted) add(texts.get(oid) ?? "");
  return named;
}

/** So many sessions, and so many names of files, are taken of one note. */
const MAX_SESSIONS = 64;
const MAX_FILES = 8;
/** No file has more lines. */
const MAX_LINE = 10_000_000;
/** How notes of our own say who wrote them: read back they would prove themselves. */
const OWN = /^ascribe\//;

/** Lines that a note ascribes to somebody. */
interface Ascribed {
  lines: number;
  files: string[];
}

/**
 * Reads a note as git-ai writes it: the names of files, below each the ranges of lines with whose they are, and after
 * `---` what is known of those, as JSON. A note of another form counts by the session ids in it.
 */
function sessionNotes(text: string, ref: string): CommitNote[] {
  const end = /^---$/m.exec(text);
  const meta = end === null ? null : objectOf(text.slice(end.index + 4));
  if (end === null || meta === null) return idNotes(text, ref);
  if (OWN.test(textOf(meta.git_ai_version))) return [];
  const ascribed = ascribedIn(text.slice(0, end.index));
  const bySession = new Map<string, CommitNote>();
  for (const group of [meta.prompts, meta.sessions]) {
    for (const [key, value] of Object.entries(recordOf(group))) {
      const agent = recordOf(recordOf(value).agent_id);
      const session = textOf(agent.id);
      if (session === "" || bySession.size >= MAX_SESSIONS) continue;
      const { lines, files } = ascribed.get(key) ?? { lines: 0, files: [] };
      const known = bySession.get(session);
      const all = [...new Set([...known?.files ?? [], ...files])];
      bySession.set(session, {
        ref,
        tool: textOf(agent.tool),
        session,
        lines: (known?.lines ?? 0) + lines,
        files: all.slice(0, MAX_FILES),
        fileCount: all.length,
      });
    }
  }
  return bySession.size === 0 ? idNotes(text, ref) : [...bySession.values()];
}

function idNotes(text: string, ref: string): CommitNote[] {
  const ids = new Set(text.match(UUID)?.slice(0, MAX_SESSIONS));
  return [...ids].map((session) => (
    { ref, tool: "", session, lines: null, files: [], fileCount: 0 }
  ));
}

/** The lines of a note by whose they are; what follows `::` in a key says which of a session's acts wrote them. */
function ascribedIn(text: string): Map<string, Ascribed> {
  const found = new Map<string, Ascribed>();
  let file = "";
  for (const line of text.split("\n")) {
    const [, key, ranges] = /^[ \t]+(\S+)[ \t]+([\d,\- ]+)$/.exec(line.trimEnd()) ?? [];
    if (key === undefined) {
      file = line.trim().replace(/^"(.*)"$/, "$1");
      continue;
    }
    const name = key.split("::")[0];
    const known = found.get(name) ?? { lines: 0, files: [] };
    for (const range of ranges.split(",")) {
      const [first, last = first] = range.trim().split("-").map(Number);
      if (first >= 1 && last >= first && last <= MAX_LINE) known.lines += last - first + 1;
    }
    if (known.files.at(-1) !== file) known.files.push(file);
    found.set(name, known);
  }
  return found;
}

/** Reads a note as Qwen Code writes it: how much of each file the tool wrote, and no session. */
function toolNote(text: string, ref: string): CommitNote[] {
  const { generator, files } = objectOf(text) ?? {};
  const written = Object.entries(recordOf(files))
    .flatMap(([path, share]) => Number(recordOf(share).aiChars) > 0 ? [path] : []);
  if (!/^qwen/i.test(textOf(generator)) || written.length === 0) return [];
  return [{
    ref,
    tool: textOf(generator),
    session: null,
    lines: null,
    files: written.slice(0, MAX_FILES),
    fileCount: written.length,
  }];
}

function objectOf(text: string): Record<string, unknown> | null {
  try {
    return recordOf(JSON.parse(text));
  } catch {
    return null;
  }
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value as Record<string, unknown>
    : {};
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value.slice(0, 200) : "";
}

/** The session ids of a checkpoint's metadata; old ones put the date before. */
function sessionIdsOf(text: string): string[] {
  try {
    const { session_id, session_ids } = JSON.parse(text);
    return [session_id, ...(Array.isArray(session_ids) ? session_ids : [])]
      .filter((id) => typeof id === "string")
      .map((id: string) => id.replace(/^\d{4}-\d{2}-\d{2}-/, ""));
  } catch {
    return [];
  }
}

function addTo(map: Map<string, string[]>, key: string, ids: readonly string[]): void {
  const known = map.get(key) ?? [];
  for (const id of ids) if (!known.includes(id)) known.push(id);
  if (known.length > 0) map.set(key, known);
}

async function listTree(
  git: GitRunner,
  { cwd, ref, signal }: { cwd: string; ref: string; signal?: AbortSignal },
): Promise<{ oid: string; path: string }[]> {
  const outcome = await git.run(["ls-tree", "-r", "-z", "--full-tree", ref], { cwd, signal });
  if (outcome.kind !== "ok") return [];
  const entries: { oid: string; path: string }[] = [];
  for (const entry of new TextDecoder().decode(outcome.stdout).split("\0")) {
    const [, kind, oid, path] = /^\d+ (\w+) ([0-9a-f]+)\t(.*)$/s.exec(entry) ?? [];
    if (kind === "blob") entries.push({ oid, path });
  }
  return entries;
}

/** Reads blobs as text through one process; those that are missing or too large are left out. */
async function readBlobs(
  git: GitRunner,
  { cwd, oids, signal }: { cwd: string; oids: readonly string[]; signal?: AbortSignal },
): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  if (oids.length === 0) return texts;
  const input = [...new Set(oids)].slice(0, MAX_BLOBS).join("\n") + "\n";
  const outcome = await git.run(["cat-file", "--batch"], { cwd, signal, input });
  if (outcome.kind !== "ok") return texts;
  const data = outcome.stdout;
  const decoder = new TextDecoder();
  for (let at = 0; at < data.length;) {
    const end = data.indexOf(10, at);
    if (end === -1) break;
    const [oid, , size] = decoder.decode(data.subarray(at, end)).split(" ");
    at = end + 1;
    if (size === undefined) continue;
    const length = Number(size);
    if (length <= MAX_BLOB_BYTES) texts.set(oid, decoder.decode(data.subarray(at, at + length)));
    at += length + 1;
  }
  return texts;
}
