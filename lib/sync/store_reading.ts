import type { SessionId } from "../domain/ids.ts";
import type { Database } from "../store/database.ts";
import { appendEvents, replaceEvents, reviseEdit } from "../store/session_events.ts";
import { movePart, partsOfFile, savePart } from "../store/session_parts.ts";
import { sessionNumber, unsettleSession } from "../store/sessions.ts";
import { keepReplaced, saveTranscriptFile } from "../store/transcript_files.ts";
import type { SessionEvent } from "../transcripts/facts.ts";
import type { TranscriptReading } from "../transcripts/read_transcript.ts";

/** Keeps what a reading of a file found, in one transaction. */
export function storeReading(db: Database, path: string, reading: TranscriptReading): void {
  db.transaction(() => {
    const file = saveTranscriptFile(db, { path, ...reading }, { mode: reading.mode });
    const begun = new Set(reading.begun);
    // They are about events that were read before: one of this reading may bear the same id.
    for (const { toolUse, lines } of reading.revisions) {
      const session = reviseEdit(db, { file, toolUse }, lines);
      if (session !== null) unsettleSession(db, session);
    }
    const events = new Map<SessionId, SessionEvent[]>();
    for (const { session, event } of reading.events) {
      const list = events.get(session);
      if (list === undefined) events.set(session, [event]);
      else list.push(event);
    }
    for (const part of reading.parts) {
      const session = sessionNumber(db, part.session);
      const at = { file, session };
      const found = events.get(part.session) ?? [];
      const mode = begun.has(part.session) ? "anew" : "appended";
      let changed = savePart(db, at, part, { mode });
      if (mode === "anew") changed = replaceEvents(db, at, found) || changed;
      else {
        appendEvents(db, at, found);
        changed ||= found.length > 0;
      }
      if (changed) unsettleSession(db, session);
    }
  });
}

/**
 * Sets apart what a replaced file held of sessions that its new content does not speak of: they are shown on as
 * sessions whose transcript is gone.
 *
 * @param spoken The sessions that the new content holds.
 */
export function keepLostSessions(
  db: Database,
  file: { id: number; path: string },
  options: { spoken: ReadonlySet<SessionId>; now: number },
): void {
  const lost = partsOfFile(db, file.id).filter(({ part }) => !options.spoken.has(part.session));
  if (lost.length === 0) return;
  db.transaction(() => {
    const gone = keepReplaced(db, file, options.now);
    for (const { session } of lost) movePart(db, { file: file.id, session }, gone);
  });
}
