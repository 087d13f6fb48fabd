import type { FoldedSession, SessionPart } from "../domain/session_events.ts";
import { splitActivities } from "./activities.ts";
import { count } from "./session_builder.ts";

/** A part of a session with what it does not own. */
export interface OwnedPart extends SessionPart {
  /** The source's key. */
  key: string;
  /** Hashes of the messages that another session or file holds as its own. */
  duplicates: ReadonlySet<number>;
}

/**
 * Adds the parts of one session up, in whatever order they come.
 *
 * Times, activities and the count of messages are those of messages the session owns; one that owns none keeps the
 * times of its copies.
 */
export function foldSession(parts: readonly OwnedPart[]): FoldedSession {
  const ordered = parts.toSorted((a, b) =>
    (a.firstAt ?? Infinity) - (b.firstAt ?? Infinity) || (a.key < b.key ? -1 : 1)
  );
  const owned = ownedTimes(ordered, false);
  const times = owned.length > 0 ? owned : ownedTimes(ordered, true);
  const latest = ordered.toSorted((a, b) => (b.lastAt ?? -Infinity) - (a.lastAt ?? -Infinity));
  const firstMessage = first(ordered, "firstPrompt");
  const activities = splitActivities(times);
  return {
    project: first(ordered, "firstCwd"),
    title: first(latest, "customTitle") ?? first(latest, "generatedTitle") ??
      first(latest, "summary") ??
      titleOf(firstMessage),
    firstMessage,
    lastMessage: first(latest, "lastMessage"),
    startedAt: activities[0]?.startedAt ?? null,
    endedAt: activities.at(-1)?.endedAt ?? null,
    branch: byCount(sum(ordered, "branches"))[0] ?? null,
    models: byCount(sum(ordered, "models")),
    cwds: byCount(sum(ordered, "cwds")),
    tools: sum(ordered, "tools"),
    forkedFrom: first(ordered, "forkedFrom"),
    externalIds: [...new Set(latest.flatMap(({ externalIds }) => externalIds))],
    worktrees: worktreesOf(ordered),
    messageCount: owned.length,
    activities: owned.length > 0 ? activities : [],
  };
}

function ownedTimes(parts: readonly OwnedPart[], all: boolean): Float64Array {
  const times = new Float64Array(
    parts.reduce((sum, { messageTimes }) => sum + messageTimes.length, 0),
  );
  let end = 0;
  for (const { messageHashes, messageTimes, duplicates } of parts) {
    for (let i = 0; i < messageHashes.length; i++) {
      if (all || !duplicates.has(messageHashes[i])) times[end++] = messageTimes[i];
    }
  }
  return times.subarray(0, end);
}

function first<Key extends keyof SessionPart>(
  parts: readonly OwnedPart[],
  key: Key,
): SessionPart[Key] | null {
  return parts.find((part) => part[key] !== null)?.[key] ?? null;
}

function sum(
  parts: readonly OwnedPart[],
  key: "branches" | "models" | "cwds" | "tools",
): Record<string, number> {
  const whole: Record<string, number> = {};
  for (const part of parts) {
    for (const [name, by] of Object.entries(part[key])) count(whole, name, by);
  }
  return Object.fromEntries(Object.entries(whole).sort(([a], [b]) => a < b ? -1 : 1));
}

function byCount(counts: Record<string, number>): string[] {
  return Object.entries(counts).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .map(([name]) => name);
}

/** The first line of a prompt that says something, short enough for a heading. */
function titleOf(prompt: string | null): string | null {
  const line = prompt?.split("\n").map((text) => text.trim()).find((text) => text !== "");
  if (line === undefined) return null;
  return line.length <= 100 ? line : `${line.slice(0, 99).trimEnd()}…`;
}

/** The worktrees that any part names, each once. */
function worktreesOf(parts: readonly SessionPart[]): FoldedSession["worktrees"] {
  const byPath = new Map(
    parts.flatMap(({ worktrees }) => worktrees).map((worktree) => [worktree.path, worktree]),
  );
  return [...byPath.values()];
}
