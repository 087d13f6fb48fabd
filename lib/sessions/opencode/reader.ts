import { dirname, isAbsolute, join } from "node:path";
import type { MessagePage, MessagePlace } from "../../domain/conversation.ts";
import type { SessionId } from "../../domain/ids.ts";
import { pathExists } from "../find_files.ts";
import { hashUuid } from "../message_hash.ts";
import type {
  AgentReader,
  KnownSource,
  SessionSource,
  SourceReading,
  WatchRoot,
} from "../reader.ts";
import { readPage } from "./conversation.ts";
import { Database, isDamage } from "./database.ts";
import { databasesBeside, discover, isDatabase } from "./discover.ts";
import { type ArchiveCheckpoint, ArchiveReading, type StampedFamily } from "./reading.ts";
import { familiesOf } from "./records.ts";
import { recordId, StorageTree } from "./storage_tree.ts";

/** Reads the sessions of OpenCode: its databases, and the tree of JSON files of versions before 1.2. */
export const openCodeReader: AgentReader<ArchiveCheckpoint> = {
  id: "opencode",
  title: "OpenCode",
  version: 1,
  tells: {
    prompts: true,
    edits: true,
    output: true,
    exitCodes: true,
    subagents: true,
    tokens: true,
  },
  roots: {
    flag: "opencode-dir",
    variables: ["OPENCODE_DB", "XDG_DATA_HOME"],
    resolve(env, home) {
      const folder = join(env("XDG_DATA_HOME") || join(home, ".local", "share"), "opencode");
      const database = env("OPENCODE_DB");
      if (!database || database === ":memory:") return [folder];
      return [folder, isAbsolute(database) ? database : join(folder, database)];
    },
  },
  discover,
  watch,
  open: (source, known) =>
    isDatabase(source.path) ? openDatabase(source, known) : openTree(source, known),
  messages,
  resumeCommand: (session) => ["opencode", "--session", session],
};

/** A database's log is what the program writes: it stands beside the database, and may not be there yet. */
function watch(roots: readonly string[]): WatchRoot[] {
  return roots.flatMap((root) => {
    const tree = join(root, "storage");
    return [
      { path: isDatabase(root) ? dirname(root) : root, recursive: false },
      ...pathExists(tree) ? [{ path: tree, recursive: true }] : [],
    ];
  });
}

function openDatabase(
  { path }: SessionSource,
  known: KnownSource<ArchiveCheckpoint> | null,
): SourceReading<ArchiveCheckpoint> {
  const database = new Database(path);
  return new ArchiveReading(database, () => stampedFamilies(database), {
    known,
    isBroken: isDamage,
  });
}

/** What stamps tell must be older than what is read: what is written meanwhile is read next time. */
function stampedFamilies(database: Database): StampedFamily[] {
  const sessions = database.sessions();
  if (sessions.length === 0) return [];
  const stampOf = database.stamps();
  return familiesOf(sessions).map((family) => ({
    ...family,
    stamp: family.members.map(({ id }) => `${id} ${stampOf(id)}`).join("\n"),
  }));
}

/** A session's files are read again as a whole, unless it is in a database by now. */
function openTree(
  { path, stamp }: SessionSource,
  known: KnownSource<ArchiveCheckpoint> | null,
): SourceReading<ArchiveCheckpoint> {
  const tree = new StorageTree(path);
  const hash = hashUuid(stamp);
  const { read = [], partial = null } = known?.checkpoint ?? {};
  const isKnown = read.some(([, before]) => before === hash) || partial?.stamp === hash;
  const families = () =>
    isInDatabase(path) ? [] : familiesOf(tree.sessions()).map((family) => ({ ...family, stamp }));
  return new ArchiveReading(tree, families, {
    known: isKnown || tree.fault !== null ? known : null,
    isBroken: () => false,
    fault: tree.fault,
  });
}

/** Whether a database beside a session's file holds the session: the first start of 1.2 took most of them over. */
function isInDatabase(sessionFile: string): boolean {
  return databasesBeside(sessionFile).some((path) => {
    try {
      using database = new Database(path);
      return database.has(recordId(sessionFile));
    } catch {
      return false;
    }
  });
}

function messages(
  { path }: SessionSource,
  session: SessionId,
  at: MessagePlace | null,
  limit: number,
): MessagePage {
  using archive = isDatabase(path) ? new Database(path) : new StorageTree(path);
  try {
    return readPage(archive, session, at, limit);
  } catch (error) {
    if (isDamage(error)) return { messages: [], next: null };
    throw error;
  }
}
