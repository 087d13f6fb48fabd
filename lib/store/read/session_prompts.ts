import type { Database } from "../database.ts";
import type { PromptId } from "../../domain/ids.ts";
import type { SessionPrompt, WorkCounts, WorkItem } from "../shapes.ts";
import { iso } from "./page.ts";
import { promptId, sessionKey } from "./refs.ts";

/** How many prompts are read at once. */
export const PROMPTS_AT_ONCE = 200;

/** How much of a prompt is read. */
const MOST_CHARACTERS = 4_000;

interface EventRow {
  message: number;
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
    `SELECT message, at, kind, owned, CASE kind
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
    id: promptId(row),
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

/** How many items are listed for each prompt. */
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
    FROM session_events e WHERE e.session_id = ? AND e.at >= ? AND e.at < ? AND e.kind <> 'prompt'
    ORDER BY e.at, e.id LIMIT ${MOST_ITEMS}`,
    sessionKey(db, sessionId) ?? -1,
    from,
    to,
  );
  return rows.map(({ at, kind, text }) => ({
    kind,
    at: new Date(at).toISOString(),
    text: (text ?? "").split("\n")[0].slice(0, CHARACTERS),
  }));
}

/** A prompt's place among those of its session. */
export interface PromptPlace {
  /** How many come before it. */
  before: number;
  /** When the next one was sent, Unix milliseconds; null where it is the last. */
  nextAt: number | null;
}

/** Finds a prompt among those of its session; undefined where the session has no such prompt. */
export function placeOfPrompt(
  db: Database,
  sessionId: string,
  prompt: PromptId,
): PromptPlace | undefined {
  const [column, value] = promptColumn(prompt);
  if (!Number.isSafeInteger(value)) return undefined;
  const session = sessionKey(db, sessionId) ?? -1;
  return db.get<PromptPlace>(
    `SELECT (
        SELECT count(*) FROM session_events e
        WHERE e.session_id = this.session_id AND e.kind = 'prompt' AND (e.at, e.id) < (this.at, this.id)
      ) AS before, (
        SELECT e.at FROM session_events e
        WHERE e.session_id = this.session_id AND e.kind = 'prompt' AND (e.at, e.id) > (this.at, this.id)
        ORDER BY e.at, e.id LIMIT 1
      ) AS nextAt
    FROM session_events this WHERE this.session_id = ? AND this.kind = 'prompt' AND this.${column} = ?
    ORDER BY this.at, this.id LIMIT 1`,
    session,
    value,
  );
}

/** The column that a prompt's id stands for, and what it holds; not a number where the id is none. */
function promptColumn(prompt: PromptId): ["at" | "message", number] {
  return prompt.startsWith("t")
    ? ["at", Number(prompt.slice(1))]
    : ["message", Number.parseInt(prompt, 16)];
}

/** The whole of a prompt, as far as it is kept; undefined where the session has no such prompt. */
export function promptText(db: Database, sessionId: string, prompt: PromptId): string | undefined {
  const [column, value] = promptColumn(prompt);
  if (!Number.isSafeInteger(value)) return undefined;
  return db.get<{ text: string | null }>(
    `SELECT data ->> '$.text' AS text FROM session_events
    WHERE session_id = ? AND kind = 'prompt' AND ${column} = ? ORDER BY at, id LIMIT 1`,
    sessionKey(db, sessionId) ?? -1,
    value,
  )?.text ?? undefined;
}
