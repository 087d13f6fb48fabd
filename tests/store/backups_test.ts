import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { join } from "node:path";
import { backUpDaily, listBackups } from "../../lib/store/backup.ts";
import { type Database, openDatabase } from "../../lib/store/database.ts";
import { databasePath, openOwned } from "../../lib/store/open.ts";
import { listAliases, saveAlias } from "../../lib/store/write/repository_aliases.ts";
import { closeInterruptedRuns, startRun } from "../../lib/store/write/runs.ts";

const DAY = 86_400_000;
const NOON = Date.UTC(2026, 2, 1, 12);

describe("backups", () => {
  let folder: string;
  let dataDir: string;
  beforeEach(async () => {
    folder = await Deno.makeTempDir({ prefix: "ascribe-backups-" });
    dataDir = join(folder, "data");
  });
  afterEach(() => Deno.remove(folder, { recursive: true }));

  function open(now = NOON): { db: Database; recovery: string | null } {
    const outcome = openOwned(dataDir, { now });
    assert(outcome.kind === "opened", JSON.stringify(outcome));
    return outcome;
  }

  /** Something that only a backup can bring back. */
  function mark(db: Database, name: string): void {
    saveAlias(db, { oldPath: `/was/${name}`, newPath: `/is/${name}` });
  }

  function marks(db: Database): string[] {
    return listAliases(db).map(({ oldPath }) => oldPath.slice("/was/".length));
  }

  /** The database with what `name` stands for, backed up at `now`. */
  async function backedUp(name: string, now: number, id: number): Promise<void> {
    using db = open(now).db;
    mark(db, name);
    startRun(db, { id, kind: "user", startedAt: now });
    closeInterruptedRuns(db, now);
    assertEquals((await backUpDaily(db, { dataDir, now })).kind, "made");
  }

  function modesBelow(path: string): [string, number][] {
    return [...Deno.readDirSync(path)].flatMap(({ name, isDirectory }) => {
      const at = join(path, name);
      const mode: [string, number] = [name, Deno.statSync(at).mode! & 0o777];
      return isDirectory ? [mode, ...modesBelow(at)] : [mode];
    });
  }

  function damage(path: string): void {
    const bytes = Deno.readFileSync(path);
    bytes.fill(0xa5, 4096);
    Deno.writeFileSync(path, bytes);
  }

  /** Damages the last page, which opening does not read: it holds aliases. */
  function damageEnd(path: string): void {
    {
      using db = openDatabase(path);
      for (let i = 0; i < 100; i++) mark(db, `${i}/${"long".repeat(50)}`);
    }
    using file = Deno.openSync(path, { write: true });
    file.seekSync(-4096, Deno.SeekMode.End);
    file.writeSync(new Uint8Array(4096).fill(0xa5));
  }

  describe("daily backups", () => {
    it("are made once a day, and three of them are kept", async () => {
      for (let day = 0; day < 5; day++) await backedUp(`day${day}`, NOON + day * DAY, day + 1);
      using db = open().db;
      assertEquals(
        await backUpDaily(db, { dataDir, now: NOON + 4 * DAY + 3_600_000 }),
        { kind: "notDue" },
      );
      assertEquals(
        listBackups(dataDir).map(({ day }) => day),
        ["2026-03-05", "2026-03-04", "2026-03-03"],
      );
    });

    it("are for the user's eyes only, and leave nothing beside themselves", async () => {
      await backedUp("one", NOON, 1);
      using db = open().db;
      mark(db, "two");
      const modes = modesBelow(dataDir);
      assertEquals(
        modes.map(([name]) => name).sort(),
        ["ascribe-000000001-2026-03-01.db", "ascribe-backups"].concat(
          ["ascribe.db", "ascribe.db-shm", "ascribe.db-wal"],
        ),
      );
      for (const [name, mode] of modes) {
        assertEquals(mode, name === "ascribe-backups" ? 0o700 : 0o600, name);
      }
    });

    it("go on when the clock is set back, and the newest stays the newest", async () => {
      await backedUp("ahead", NOON + 30 * DAY, 1);
      await backedUp("back", NOON, 2);
      await backedUp("later", NOON + DAY, 3);
      await backedUp("last", NOON + 2 * DAY, 4);
      damage(databasePath(dataDir));
      using db = open().db;
      assertEquals(marks(db), ["ahead", "back", "last", "later"]);
    });

    it("are not made of a damaged database", async () => {
      await backedUp("good", NOON, 1);
      damageEnd(databasePath(dataDir));
      using db = openDatabase(databasePath(dataDir), "inspect");
      const outcome = await backUpDaily(db, { dataDir, now: NOON + DAY });
      assertEquals([outcome.kind, listBackups(dataDir).length], ["damaged", 1]);
    });
  });

  describe("a damaged database", () => {
    it("is set aside with its reason, and the newest intact backup takes its place", async () => {
      await backedUp("one", NOON, 1);
      await backedUp("two", NOON + DAY, 2);
      await backedUp("three", NOON + 2 * DAY, 3);
      damage(listBackups(dataDir)[0].path);
      damage(databasePath(dataDir));
      const damaged = Deno.readFileSync(databasePath(dataDir));
      const { db, recovery } = open(NOON + 3 * DAY);
      using _db = db;
      assertEquals(marks(db), ["one", "two"]);
      const aside = join(dataDir, "ascribe-damaged-2026-03-04T12-00-00-000Z.db");
      assertEquals(
        recovery,
        `The database was damaged and is set aside as ${aside}. ` +
          "The backup of 2026-03-02 has taken its place, and the next sync brings it up to date.",
      );
      assertEquals(Deno.readFileSync(aside), damaged);
      assertStringIncludes(Deno.readTextFileSync(`${aside}.txt`), "malformed");
      assertEquals(Deno.statSync(databasePath(dataDir)).mode! & 0o777, 0o600);
    });

    it("is known for one whatever is left of it", async () => {
      for (const size of [0, 1, 100, 4_095, 4_096, 8_192, 20_000, 100_000]) {
        await Deno.remove(dataDir, { recursive: true }).catch(() => {});
        await backedUp("kept", NOON, 1);
        Deno.truncateSync(databasePath(dataDir), size);
        const { db, recovery } = open(NOON + DAY);
        using _db = db;
        assertEquals(marks(db), ["kept"], `${size} bytes`);
        assertMatch(recovery ?? "", /set aside/);
        assertEquals(db.findDamage(), null);
      }
    });

    it("is found where it does not show at once, after a sync that did not end well", async () => {
      await backedUp("kept", NOON, 1);
      damageEnd(databasePath(dataDir));
      const { db, recovery } = open(NOON + DAY);
      using _db = db;
      assertMatch(recovery ?? "", /backup of 2026-03-01/);
      assertEquals(marks(db), ["kept"]);
    });

    it("without a backup gives way to a new one, and the user is told what that means", () => {
      Deno.mkdirSync(dataDir);
      Deno.writeTextFileSync(databasePath(dataDir), "This is no database. ".repeat(100));
      const { db, recovery } = open();
      using _db = db;
      assertMatch(recovery ?? "", /no intact backup: the next sync reads everything anew/);
      assertEquals(marks(db), []);
    });

    it("that somebody removed is restored too", async () => {
      await backedUp("kept", NOON, 1);
      await Deno.remove(databasePath(dataDir));
      const { db, recovery } = open(NOON + DAY);
      using _db = db;
      assertMatch(recovery ?? "", /^The database was missing\. The backup of 2026-03-01 has taken/);
      assertEquals(marks(db), ["kept"]);
    });

    it("is replaced though the process was killed between any two steps", async () => {
      await backedUp("kept", NOON, 1);
      const { path } = listBackups(dataDir)[0];
      Deno.renameSync(databasePath(dataDir), join(dataDir, "ascribe-damaged-x.db"));
      Deno.copyFileSync(path, join(dataDir, "ascribe-restoring.db"));
      using db = open().db;
      assertEquals(marks(db), ["kept"]);
    });
  });

  describe("a database with a newer schema", () => {
    it("is refused and stays as it is, byte for byte, though its last writer was killed", async () => {
      await backedUp("kept", NOON, 1);
      using writer = open().db;
      writer.exec("PRAGMA user_version = 999");
      mark(writer, "newer");
      const copy = join(folder, "copy");
      Deno.mkdirSync(copy, { mode: 0o700 });
      for (const end of ["", "-wal"]) {
        Deno.copyFileSync(databasePath(dataDir) + end, databasePath(copy) + end);
      }
      const before = ["", "-wal"].map((end) => Deno.readFileSync(databasePath(copy) + end));
      const outcome = openOwned(copy, { now: NOON });
      assert(outcome.kind === "newerSchema");
      assertMatch(outcome.message, /newer than this program's \d+\. Update Ascribe\.$/);
      assertEquals(["", "-wal"].map((end) => Deno.readFileSync(databasePath(copy) + end)), before);
    });
  });
});
