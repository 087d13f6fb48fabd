import { claudeCode } from "../../support/agents.ts";
import { join } from "node:path";
import { type Database, openDatabase } from "../../../lib/store/database.ts";
import {
  type IndexOptions,
  type IndexResult,
  indexSources,
} from "../../../lib/sync/steps/index_sources.ts";
import { SESSION, type TranscriptLines } from "./lines.ts";
import { TestFolder } from "./reading.ts";

/** When the runs of {@linkcode IndexFixture} take place. */
export const NOW = Date.parse("2026-03-01T00:00:00.000Z");

/** The folder of the one project that tests write transcripts of. */
export const PLACE = "projects/-home-me-app";

/** A folder of transcripts and a database to index them into. */
export class IndexFixture implements Disposable {
  readonly folder = new TestFolder();
  readonly db: Database = openDatabase(":memory:");

  index(options: Partial<IndexOptions> = {}, db: Database = this.db): Promise<IndexResult> {
    const deps = {
      db,
      agents: claudeCode(this.folder.path),
      now: () => NOW,
    };
    return indexSources(deps, { onProgress: () => {}, ...options });
  }

  /** Writes a transcript, and gives its path. */
  write(name: string, lines: TranscriptLines | string): string {
    return this.folder.write(`${PLACE}/${name}`, typeof lines === "string" ? lines : lines.text);
  }

  /** A path below the folder. */
  path(name: string): string {
    return join(this.folder.path, name);
  }

  session(id = SESSION): Record<string, unknown> | undefined {
    return this.db.get("SELECT * FROM sessions WHERE session_id = ?", id);
  }

  /** Since when a file is gone; undefined where it is not known. */
  goneAt(path: string): number | null | undefined {
    return this.db.get<{ gone_at: number | null }>(
      "SELECT gone_at FROM sources WHERE path = ?",
      path,
    )?.gone_at;
  }

  [Symbol.dispose](): void {
    this.db[Symbol.dispose]();
    this.folder[Symbol.dispose]();
  }
}

/** Every row of every session, by what users see rather than by number. */
export function allRows(db: Database): unknown {
  return {
    sessions: db.all(
      `SELECT session_id, title, first_message, last_message, started_at, ended_at, branch, models, cwds, tools,
         forked_from, external_ids, message_count, prompt_count, edit_count, commit_count, stale
       FROM sessions ORDER BY session_id`,
    ),
    activities: db.all(
      `SELECT s.session_id, a.started_at, a.ended_at FROM activities a JOIN sessions s ON s.id = a.session_id
       ORDER BY 1, 2`,
    ),
    events: db.all(
      `SELECT s.session_id, e.at, e.kind, e.message, e.owned, e.cwd, e.data, hex(e.lines) AS lines
       FROM session_events e JOIN sessions s ON s.id = e.session_id
       ORDER BY 1, 2, 3, 4, 5, 7, 8`,
    ),
  };
}
