import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { join } from "node:path";
import { type Database, openDatabase } from "../../lib/store/database.ts";
import { databasePath, openStore } from "../../lib/store/open.ts";

describe("openStore", () => {
  let folder: string;
  let dataDir: string;
  beforeEach(async () => {
    folder = await Deno.makeTempDir({ prefix: "ascribe-open-" });
    dataDir = join(folder, "data");
  });
  afterEach(async () => {
    await Deno.chmod(folder, 0o700);
    await Deno.remove(folder, { recursive: true });
  });

  function open(mode: "read" | "write"): Database {
    const outcome = openStore(dataDir, mode);
    assert(outcome.kind === "opened", JSON.stringify(outcome));
    return outcome.db;
  }

  /** Why it cannot be opened, checked for the shape of its sentence. */
  function failure(mode: "read" | "write"): string {
    const outcome = openStore(dataDir, mode, { busyMs: 10 });
    assert(outcome.kind !== "opened");
    assert(!outcome.message.includes("\n"));
    return outcome.kind;
  }

  it("makes the folder and the database, for the user's eyes only", () => {
    using _db = open("write");
    const modes = [dataDir, databasePath(dataDir), `${databasePath(dataDir)}-wal`]
      .map((path) => Deno.statSync(path).mode! & 0o777);
    assertEquals(modes, [0o700, 0o600, 0o600]);
  });

  it("narrows an empty folder, and leaves one that holds other things as it is", () => {
    Deno.mkdirSync(dataDir, { mode: 0o755 });
    open("write")[Symbol.dispose]();
    assertEquals(Deno.statSync(dataDir).mode! & 0o777, 0o700);
    Deno.chmodSync(dataDir, 0o755);
    Deno.writeTextFileSync(join(dataDir, "mine.txt"), "");
    open("write")[Symbol.dispose]();
    assertEquals(Deno.statSync(dataDir).mode! & 0o777, 0o755);
  });

  it("reads what another connection writes, and writes nothing itself", () => {
    using writer = open("write");
    using reader = open("read");
    writer.run("INSERT INTO settings (key, value) VALUES ('a', '1')");
    assertEquals(reader.get<{ value: string }>("SELECT value FROM settings")?.value, "1");
    let refused = "";
    try {
      reader.run("DELETE FROM settings");
    } catch (error) {
      refused = String(error);
    }
    assertStringIncludes(refused, "readonly");
  });

  it("says where nothing was stored yet", () => {
    assertEquals(failure("read"), "missing");
    Deno.mkdirSync(dataDir);
    assertEquals(failure("read"), "missing");
  });

  it("refuses a newer schema, and leaves it as it is", () => {
    using db = open("write");
    db.exec("PRAGMA user_version = 999");
    assertEquals(failure("write"), "newerSchema");
    assertEquals(db.get<{ user_version: number }>("PRAGMA user_version")?.user_version, 999);
  });

  it("reads where nobody may write", { ignore: Deno.uid() === 0 }, () => {
    {
      using db = open("write");
      db.run("INSERT INTO settings (key, value) VALUES ('interval', '1')");
    }
    Deno.chmodSync(databasePath(dataDir), 0o400);
    Deno.chmodSync(dataDir, 0o500);
    try {
      using reader = open("read");
      assertEquals(reader.get<{ value: string }>("SELECT value FROM settings")?.value, "1");
    } finally {
      Deno.chmodSync(dataDir, 0o700);
    }
  });

  it("does not read a database that is still to be brought up to date", () => {
    open("write")[Symbol.dispose]();
    using db = openDatabase(databasePath(dataDir));
    db.exec("PRAGMA user_version = 0");
    assertEquals(failure("read"), "olderSchema");
  });

  it("says that a database is damaged", () => {
    Deno.mkdirSync(dataDir);
    Deno.writeTextFileSync(databasePath(dataDir), "This is no database. ".repeat(100));
    assertEquals(failure("write"), "corrupt");
    assertEquals(failure("read"), "corrupt");
  });

  it("says that another program holds it", () => {
    open("write")[Symbol.dispose]();
    using other = openDatabase(databasePath(dataDir));
    other.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
    assertEquals(failure("read"), "locked");
  });

  it("says that it is no file", () => {
    Deno.mkdirSync(databasePath(dataDir), { recursive: true });
    assertEquals(failure("read"), "unreadable");
  });

  it("says that it may not write", async () => {
    const module = JSON.stringify(import.meta.resolve("../../lib/store/open.ts"));
    const script = join(folder, "open.ts");
    await Deno.writeTextFile(
      script,
      `import { openStore } from ${module};
      console.log(openStore(${JSON.stringify(dataDir)}, "write").kind);`,
    );
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "--no-check", "--no-prompt", "--allow-read", script],
      stderr: "null",
    }).output();
    assertEquals(new TextDecoder().decode(stdout).trim(), "readOnly");
  });
});
