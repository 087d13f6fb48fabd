import { assert, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { openDatabase } from "../../lib/store/database.ts";
import { iterateEdits } from "../../lib/store/read/edit_list.ts";
import { iterateLinks } from "../../lib/store/read/link_list.ts";
import { seedStore } from "../support/seed.ts";

/** A database whose pages of one table were overwritten behind SQLite's back. */
function damaged(table: string): string {
  const path = Deno.makeTempFileSync({ suffix: ".db" });
  let pages: number[];
  let pageSize: number;
  {
    using db = seedStore({ path, sessions: 200, commits: 800 });
    db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    pageSize = db.get<{ page_size: number }>("PRAGMA page_size")!.page_size;
    pages = db.all<{ pageno: number }>(
      "SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf'",
      table,
    ).map(({ pageno }) => pageno);
  }
  using file = Deno.openSync(path, { write: true });
  for (const page of pages.slice(Math.floor(pages.length / 2))) {
    file.seekSync((page - 1) * pageSize, Deno.SeekMode.Start);
    file.writeSync(new Uint8Array(pageSize).fill(0xa5));
  }
  return path;
}

describe("lists of a damaged database", () => {
  for (const table of ["commits", "sessions", "session_commits"]) {
    it(`do not end silently where pages of ${table} cannot be read`, () => {
      const path = damaged(table);
      try {
        using db = openDatabase(path, "read");
        assertThrows(() => [...iterateLinks(db)], Error, "malformed");
      } finally {
        for (const end of ["", "-wal", "-shm"]) {
          try {
            Deno.removeSync(path + end);
          } catch { /* It was never there. */ }
        }
      }
    });
  }

  it("give every row of a whole one, once, over several pages", () => {
    using db = seedStore({ sessions: 1_500, commits: 4_000 });
    const links = [...iterateLinks(db)].map(({ sessionId, commit }) => `${sessionId} ${commit}`);
    const edits = [...iterateEdits(db)].map(({ session, path }) => `${session.sessionId} ${path}`);
    const count = (sql: string) => db.get<{ n: number }>(sql)!.n;
    assert(links.length > 1_000 && edits.length > 1_000, `${links.length} ${edits.length}`);
    assert(new Set(links).size === count("SELECT count(*) AS n FROM session_commits"));
    assert(edits.length === count("SELECT count(*) AS n FROM written_files"));
  });
});
