import type { SessionId } from "../../domain/ids.ts";
import { isObject, type JsonObject } from "../../text/json.ts";
import type { SkipReason } from "../reader.ts";
import { sessionIdOf } from "../message_hash.ts";

/** A session as OpenCode keeps it: a subagent's is one of its own, with a parent. */
export interface SessionRecord {
  id: string;
  parent: string | null;
  /** The folder it was started in. */
  directory: string | null;
  title: string | null;
  version: string | null;
  /** Unix milliseconds, as everywhere here. */
  createdAt: number | null;
}

/** Where a message stands in an archive. */
export interface MessageRef {
  id: string;
  at: number;
}

/** A message with its parts, in their order. */
export interface MessageRecord {
  ref: MessageRef;
  /** Null if it cannot be used. */
  data: JsonObject | null;
  parts: JsonObject[];
  /** About how much was read. */
  bytes: number;
  /** Why it, or some of its parts, cannot be used. */
  skipped: SkipReason[];
}

/** What OpenCode keeps sessions in: a database, or a tree of files. */
export interface Archive extends Disposable {
  /** All its sessions, or those that belong to one source. */
  sessions(): SessionRecord[];
  /** The messages of a session, in their order. */
  messagesOf(session: string): MessageRef[];
  /** The messages themselves, one for each reference; for events, without what makes none. */
  load(refs: readonly MessageRef[], use: RecordUse): MessageRecord[];
}

/** What records are read for. */
export type RecordUse = "events" | "conversation";

/** A session with the sessions of its subagents. */
export interface Family {
  /** Null if no page could show a session with that id. */
  root: SessionId | null;
  /** The root first, unless the archive has lost it; the others by when they began. */
  members: SessionRecord[];
}

/** Puts subagents' sessions to those that started them. */
export function familiesOf(sessions: readonly SessionRecord[]): Family[] {
  const byId = new Map(sessions.map((session) => [session.id, session]));
  const families = new Map<string, SessionRecord[]>();
  for (const session of sessions) {
    const root = rootOf(session, byId);
    const members = families.get(root);
    if (members === undefined) families.set(root, [session]);
    else members.push(session);
  }
  return [...families].map(([root, members]) => ({
    root: sessionIdOf(root),
    members: members.sort((a, b) =>
      Number(b.id === root) - Number(a.id === root) ||
      (a.createdAt ?? 0) - (b.createdAt ?? 0) || (a.id < b.id ? -1 : 1)
    ),
  }));
}

/** How deep subagents may start subagents. */
const MAX_DEPTH = 64;

function rootOf(session: SessionRecord, byId: ReadonlyMap<string, SessionRecord>): string {
  let root = session;
  for (let depth = 0; root.parent !== null && depth < MAX_DEPTH; depth++) {
    const parent = byId.get(root.parent);
    if (parent === undefined) return root.parent;
    root = parent;
  }
  return root.id;
}

/** Messages by time, and by id within a millisecond: ids of OpenCode begin anew every 795 days. */
export function byTime(a: MessageRef, b: MessageRef): number {
  return a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** Makes an object of a record's text, or says why that cannot be. */
export function parseRecord(text: string): JsonObject | SkipReason {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : "notAnObject";
  } catch {
    return "notJson";
  }
}
