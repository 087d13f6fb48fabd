import type { SessionId } from "../../domain/ids.ts";
import { sessionIdOf } from "../message_hash.ts";
import { isObject, type JsonObject, name, object, text } from "../../text/json.ts";
import { parseTime } from "../../time/iso_time.ts";

/** What the first record of a rollout says of it: JSON. */
export interface Header {
  /** The rollout's own thread. */
  thread: string;
  /** The session it belongs to: its own, or that of the thread that started it as a subagent. */
  session: SessionId;
  subagent: string | null;
  forkedFrom: SessionId | null;
  /** When the thread began, Unix milliseconds. */
  at: number;
  /** The agent's version. */
  version: string | null;
  /** Items are recorded when they are done: prompts, answers, commands, edits. */
  items: boolean;
  /** It may begin with its parent's records, copied. */
  copies: boolean;
  /** The records have neither an envelope nor a time. */
  bare: boolean;
}

/**
 * Reads a rollout's first record.
 *
 * @param at The time of its line.
 * @returns Null if it names no thread.
 */
export function readHeader(meta: JsonObject, at: number): Header | null {
  const thread = sessionIdOf(meta.id);
  if (thread === null) return null;
  const parent = parentOf(meta);
  const from = sessionIdOf(meta.forked_from_id);
  const root = sessionIdOf(meta.session_id);
  const subagent = parent !== null || meta.thread_source === "subagent" ||
    object(meta.source).subagent !== undefined;
  const session = subagent ? (root !== thread ? root : null) ?? parent ?? from ?? thread : thread;
  const forkedFrom = subagent ? null : from;
  return {
    thread,
    session,
    subagent: subagent ? thread : null,
    forkedFrom: forkedFrom === thread ? null : forkedFrom,
    at: parseTime(meta.timestamp) ?? at,
    version: name(meta.cli_version),
    items: meta.history_mode === "paginated",
    copies: meta.history_mode !== "paginated" && (subagent || forkedFrom !== null),
    bare: meta.bare === true,
  };
}

/** The thread that started this one as its subagent. */
function parentOf(meta: JsonObject): SessionId | null {
  const subagent = object(meta.source).subagent;
  const spawn = isObject(subagent) ? object(subagent.thread_spawn) : {};
  return sessionIdOf(meta.parent_thread_id) ?? sessionIdOf(spawn.parent_thread_id);
}

const UUID_V7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** When a UUID of version 7 was made, Unix milliseconds; null for anything else. */
function uuidTime(value: unknown): number | null {
  const [, high, low] = UUID_V7.exec(text(value) ?? "") ?? [];
  return high === undefined ? null : parseInt(high, 16) * 0x10000 + parseInt(low, 16);
}

/** A pause in the times of copied records, all written at once, ends them if their turns have no ids that tell. */
const PAUSE_MS = 1_000;

/**
 * The head of a rollout that a fork or a subagent began with its parent's records, copied and stamped anew. It ends
 * with the first turn that was begun since the thread was.
 */
export class CopiedHead {
  readonly #begun: number;
  /** The time of the last copied record; null once the rollout's own have begun. JSON. */
  last: number | null;

  constructor(header: Header, last: number | null) {
    this.#begun = uuidTime(header.thread) ?? header.at;
    this.last = last;
  }

  /** Whether a record is one of those copied; they are asked about in their order. */
  holds(payload: JsonObject, at: number): boolean {
    if (this.last === null) return false;
    const minted = uuidTime(payload.turn_id);
    const own = minted === null ? at - this.last >= PAUSE_MS : minted >= this.#begun;
    this.last = own ? null : at;
    return !own;
  }
}
