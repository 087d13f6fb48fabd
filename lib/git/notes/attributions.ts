import type { Attributions } from "../../domain/link_facts.ts";
import type { GitRunner } from "../run/runner.ts";

/** Where Entire keeps its checkpoints: the local branch, or a remote's copy of it. */
const CHECKPOINT_REFS = [
  "refs/heads/entire/checkpoints/v1",
  "refs/remotes/origin/entire/checkpoints/v1",
];
/** Where git-ai keeps its notes. */
const NOTES_REF = "refs/notes/ai";

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
 * Reads which sessions recorders saw at work: Entire's branch for the checkpoints asked for, and git-ai's notes.
 *
 * @returns Session ids; empty where the repository has no such branch or notes, or git cannot read them.
 */
export async function readAttributions(
  git: GitRunner,
  { cwd, checkpoints, signal }: RecorderOptions,
): Promise<Attributions> {
  const named = { checkpoints: new Map<string, string[]>(), notes: new Map<string, string[]>() };
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
  for (const { oid, path } of await listTree(git, { cwd, ref: NOTES_REF, signal })) {
    const commit = path.replaceAll("/", "");
    if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit)) continue;
    wanted.push({ oid, add: (text) => addTo(named.notes, commit, text.match(UUID) ?? []) });
  }
  const texts = await readBlobs(git, { cwd, oids: wanted.map(({ oid }) => oid), signal });
  for (const { oid, add } of wanted) add(texts.get(oid) ?? "");
  return named;
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
