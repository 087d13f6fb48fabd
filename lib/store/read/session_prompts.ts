import type { Database } from "../database.ts";
import { iso } from "./page.ts";

/** What a session did between two prompts. */
export interface WorkCounts {
  edits: number;
  /** Different files edited. */
  files: number;
  /** Shell commands that speak to git or write a file. */
  commands: number;
  /** Commits that a tool's result shows being made. */
  commits: number;
  /** Skills and slash commands. */
  skills: string[];
  failures: number;
}

/** A prompt and the work that followed it. */
export interface SessionPrompt {
  /** The event's number, stable while its transcript is. */
  id: number;
  /** ISO 8601 in UTC. */
  at: string;
  /** At most {@linkcode MOST_CHARACTERS} characters. */
  text: string;
  cut: boolean;
  /** Copied from the session it was forked from or resumed. */
  copied: boolean;
  work: WorkCounts;
}

/** How many prompts are read at once. */
export const PROMPTS_AT_ONCE = 200;

/** How much of a prompt is read. */
const MOST_CHARACTERS = 4_000;

interface EventRow {
  id: number;
  at: number;
  kind: string;
  owned: number;
  detail: string | null;
}

/**
 * Reads a session's prompts in order, each with the work up to the next.
 *
 * @param skip How many prompts to leave out. @default {0}
 */
export function promptsOf(
  db: Database,
  session: number,
  skip = 0,
): { workBefore: WorkCounts; prompts: SessionPrompt[]; nextPrompts: number | null } {
  const prompts: SessionPrompt[] = [];
  const workBefore = noWork();
  let work = workBefore;
  let files = new Set<string>();
  let seen = 0;
  let nextPrompts: number | null = null;
  for (const row of eventsOf(db, session)) {
    if (row.kind === "prompt") {
      seen++;
      if (seen > skip + PROMPTS_AT_ONCE) {
        nextPrompts = skip + PROMPTS_AT_ONCE;
        break;
      }
      work = noWork();
      files = new Set();
      if (seen > skip) prompts.push(prompt(row, work));
      continue;
    }
    addWork(work, row, files);
  }
  return { workBefore, prompts, nextPrompts };
}

function eventsOf(db: Database, session: number): EventRow[] {
  return db.all<EventRow>(
    `SELECT id, at, kind, owned, CASE kind
        WHEN 'prompt' THEN substr(data ->> '$.text', 1, ${MOST_CHARACTERS + 1})
        WHEN 'edit' THEN data ->> '$.path'
        WHEN 'skill' THEN data ->> '$.skill'
      END AS detail
    FROM session_events WHERE session_id = ? ORDER BY at, id`,
    session,
  );
}

function prompt(row: EventRow, work: WorkCounts): SessionPrompt {
  const text = row.detail ?? "";
  return {
    id: row.id,
    at: iso(row.at),
    text: text.slice(0, MOST_CHARACTERS),
    cut: text.length > MOST_CHARACTERS,
    copied: row.owned === 0,
    work,
  };
}

function noWork(): WorkCounts {
  return { edits: 0, files: 0, commands: 0, commits: 0, skills: [], failures: 0 };
}

function addWork(work: WorkCounts, row: EventRow, files: Set<string>): void {
  switch (row.kind) {
    case "edit":
      work.edits++;
      if (row.detail !== null) files.add(row.detail);
      work.files = files.size;
      return;
    case "command":
      work.commands++;
      return;
    case "commit":
      work.commits++;
      return;
    case "failure":
      work.failures++;
      return;
    case "skill":
      if (row.detail !== null) work.skills.push(row.detail);
      return;
  }
}

/** One thing that a session did, short enough for a line. */
export interface WorkItem {
  kind: "edit" | "command" | "skill" | "commit" | "published" | "failure";
  /** ISO 8601 in UTC. */
  at: string;
  /** The file, the command's first line, the skill, or the commit's hash and subject. */
  text: string;
}

/** How many things are told of each prompt. */
const MOST_ITEMS = 20;

const CHARACTERS = 240;

interface Row {
  at: number;
  kind: WorkItem["kind"];
  text: string | null;
}

/**
 * Reads what a session did in a stretch of time, in order, {@linkcode MOST_ITEMS} at most.
 *
 * @param from Unix milliseconds, inclusive.
 * @param to Unix milliseconds, exclusive.
 */
export function workItems(
  db: Database,
  sessionId: string,
  { from, to }: { from: number; to: number },
): WorkItem[] {
  const rows = db.all<Row>(
    `SELECT e.at, e.kind, CASE e.kind
        WHEN 'edit' THEN e.data ->> '$.path'
        WHEN 'command' THEN substr(e.data ->> '$.command', 1, ${CHARACTERS})
        WHEN 'skill' THEN e.data ->> '$.skill'
        WHEN 'commit' THEN e.data ->> '$.hash' || coalesce(' ' || (e.data ->> '$.subject'), '')
        WHEN 'published' THEN coalesce(e.data ->> '$.url', e.data ->> '$.branch')
      END AS text
    FROM sessions s JOIN session_events e ON e.session_id = s.id
    WHERE s.session_id = ? AND e.at >= ? AND e.at < ? AND e.kind <> 'prompt'
    ORDER BY e.at, e.id LIMIT ${MOST_ITEMS}`,
    sessionId,
    from,
    to,
  );
  return rows.map(({ at, kind, text }) => ({
    kind,
    at: new Date(at).toISOString(),
    text: (text ?? "").split("\n")[0].slice(0, CHARACTERS),
  }));
}

/** How many prompts of its session come before a prompt; null where the session has no such prompt. */
export function promptsBefore(db: Database, sessionId: string, prompt: number): number | null {
  const row = db.get<{ session_id: number; at: number }>(
    `SELECT e.session_id, e.at FROM session_events e JOIN sessions s ON s.id = e.session_id
    WHERE e.id = ? AND s.session_id = ? AND e.kind = 'prompt'`,
    prompt,
    sessionId,
  );
  if (row === undefined) return null;
  return db.get<{ n: number }>(
    `SELECT count(*) AS n FROM session_events
    WHERE session_id = ? AND kind = 'prompt' AND (at, id) < (?, ?)`,
    row.session_id,
    row.at,
    prompt,
  )!.n;
}

/** When the prompt after this one was sent, Unix milliseconds; null where there is none. */
export function nextPromptTime(db: Database, prompt: number): number | null {
  return db.get<{ at: number }>(
    `SELECT e.at FROM session_events this JOIN session_events e ON e.session_id = this.session_id
    WHERE this.id = ? AND e.kind = 'prompt' AND (e.at, e.id) > (this.at, this.id)
    ORDER BY e.at, e.id LIMIT 1`,
    prompt,
  )?.at ?? null;
}
