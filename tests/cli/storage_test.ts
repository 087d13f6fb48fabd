import { assert, assertEquals, assertMatch } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openDatabase } from "../../lib/store/database.ts";
import { databasePath } from "../../lib/store/open.ts";
import { startServer, taskArgs } from "../support/server.ts";
import { Workspace } from "../support/workspace.ts";
import { type CliPlace, type CliResult, makeSyncedPlace, runCli, runProcess } from "./run_cli.ts";

describe("the command line and its data folder", () => {
  let place: CliPlace;
  /** The same data folder for somebody who has no transcripts any more. */
  let forgotten: Record<string, string>;
  beforeEach(async () => {
    place = await makeSyncedPlace();
    forgotten = { ...place.env, CLAUDE_CONFIG_DIR: join(place.folder, "claude") };
  });
  afterEach(async () => await place[Symbol.asyncDispose]());

  /** Every link, a line each. */
  async function links(): Promise<string> {
    const { code, stdout, stderr } = await runCli(["links", "--json"], place.env);
    assertEquals(code, 0, stderr);
    return stdout;
  }

  /** Checks that a command failed with one line that says what to do. */
  function failsWith({ code, stderr }: CliResult, sentence: RegExp): void {
    assertEquals(code, 1, stderr);
    const said = stderr.split("\n").filter((line) => line.startsWith("ascribe: "));
    assertEquals(said.length, 1, stderr);
    assertMatch(said[0], sentence);
    assert(!stderr.includes("    at "), stderr);
  }

  /** Writes nonsense over a part of the database that opening it does not read. */
  function damageEnd(path: string): void {
    using file = Deno.openSync(path, { write: true });
    const { size } = file.statSync();
    file.seekSync(Math.floor(size / 8_192) * 4_096, Deno.SeekMode.Start);
    file.writeSync(new Uint8Array(size / 2).fill(0xa5));
  }

  describe("a disk that takes no more", () => {
    it("ends a sync with a sentence, and the next one goes on from there", async () => {
      const whole = await links();
      await Deno.remove(place.dataDir, { recursive: true });
      const limited = new Deno.Command("sh", {
        args: [
          "-c",
          'trap "" XFSZ; ulimit -f 2000; exec "$@"',
          "sh",
          Deno.execPath(),
          ...taskArgs("cli"),
          "sync",
        ],
        cwd: fileURLToPath(new URL("../../", import.meta.url)),
        env: { DENO_NO_UPDATE_CHECK: "1", ...place.env },
      });
      const { code, stdout, stderr } = await limited.output();
      const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
      failsWith(
        { code, stdout: text(stdout), stderr: text(stderr) },
        /^ascribe: Cannot write to the disk that holds .*ascribe\.db \(.*\)\. Make room and try again\.$/,
      );
      const { code: later, stderr: said } = await runCli(["sync"], place.env);
      assertEquals(later, 0, said);
      assert(!said.includes("damaged"), said);
      assertEquals((await links()).split("\n").sort(), whole.split("\n").sort());
    });
  });

  describe("a data folder that may not be written", () => {
    it("is named, with what to do", async () => {
      for (const command of ["sync", "serve"]) {
        const [run, ...args] = taskArgs("cli");
        const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
          args: [run, `--deny-write=${place.dataDir}`, ...args, command, "--port", "0"],
          cwd: fileURLToPath(new URL("../../", import.meta.url)),
          env: { DENO_NO_UPDATE_CHECK: "1", ...place.env },
        }).output();
        const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
        failsWith(
          { code, stdout: text(stdout), stderr: text(stderr) },
          /^ascribe: Cannot (make|write to) the data folder .*--data-dir\.$/,
        );
      }
    });

    it("is named where its place is no folder", async () => {
      await Deno.remove(place.dataDir, { recursive: true });
      Deno.writeTextFileSync(place.dataDir, "");
      failsWith(
        await runCli(["sync"], place.env),
        /Cannot make the data folder .* another .*--data-dir/,
      );
    });
  });

  describe("a database that another program holds", () => {
    it("is waited for, then named", async () => {
      using other = openDatabase(databasePath(place.dataDir));
      other.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
      failsWith(
        await runCli(["sync"], place.env),
        /Another program holds the database .*\. Try again once it ended\.$/,
      );
    });
  });

  describe("a damaged database", () => {
    it("gives way to the backup, and sessions whose transcripts are gone survive", async () => {
      const before = await links();
      damageEnd(databasePath(place.dataDir));
      const { code, stderr } = await runCli(["sync", "--rebuild"], forgotten);
      assertEquals(code, 0, stderr);
      assertMatch(
        stderr,
        /The database was damaged and is set aside as .*\. The backup of \S+ has/,
      );
      assertEquals(await links(), before);
      assert(!(await runCli(["sync"], forgotten)).stderr.includes("damaged"));
    });

    it("gives way when the server starts, which says so and brings it up to date", async () => {
      const before = (await links()).trimEnd().split("\n").length;
      Deno.truncateSync(databasePath(place.dataDir), 20_000);
      await using server = await startServer(place);
      assertMatch(server.output(), /The database was damaged and is set aside as/);
      const { linksCreated } = await (await fetch(`${server.url}/api/status`)).json();
      assertEquals(linksCreated, before);
    });

    it("that is gone altogether is restored rather than the sample shown", async () => {
      await Deno.remove(databasePath(place.dataDir));
      const { dataDir } = place;
      await using server = await startServer({ dataDir, claudeDir: forgotten.CLAUDE_CONFIG_DIR });
      assertMatch(server.output(), /The database was missing\. The backup of/);
      const { linksCreated } = await (await fetch(`${server.url}/api/status`)).json();
      assert(linksCreated > 0 && !server.output().includes("sample data"));
    });

    it("is not read as if nothing were there", async () => {
      Deno.writeTextFileSync(databasePath(place.dataDir), "no database ".repeat(500));
      failsWith(
        await runCli(["links"], place.env),
        /is damaged .*ascribe sync.*backup takes its place/,
      );
    });
  });

  describe("a database of a newer Ascribe", () => {
    it("is refused by every command, and stays as it is", async () => {
      {
        using db = openDatabase(databasePath(place.dataDir));
        db.exec("PRAGMA user_version = 999");
      }
      const before = Deno.readFileSync(databasePath(place.dataDir));
      const sentence = /schema 999 is newer than this .* Update Ascribe\.$/;
      for (const command of ["sync", "links", "repositories"]) {
        failsWith(await runCli([command], place.env), sentence);
      }
      failsWith(await runProcess(["serve", "--port", "0"], place.env), sentence);
      assertEquals(Deno.readFileSync(databasePath(place.dataDir)), before);
      const folder = [...Deno.readDirSync(place.dataDir)].map(({ name }) => name);
      assert(!folder.some((name) => name.startsWith("ascribe-damaged")), folder.join());
    });
  });

  describe("what is written", () => {
    it("is for the user's eyes only, while it is written and afterwards", async () => {
      await using workspace = await Workspace.empty();
      await workspace.addSession(await workspace.addEmptyRepository("app"));
      await using _server = await startServer(workspace);
      const wrong = (folder: string): string[] =>
        [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
          const path = join(folder, name);
          const mode = Deno.statSync(path).mode! & 0o777;
          const right = mode === (isDirectory ? 0o700 : 0o600);
          return [
            ...right ? [] : [`${path} ${mode.toString(8)}`],
            ...isDirectory ? wrong(path) : [],
          ];
        });
      const deadline = Date.now() + 20_000;
      const backups = join(workspace.dataDir, "ascribe-backups");
      while (Date.now() < deadline) {
        assertEquals(wrong(workspace.dataDir), []);
        try {
          if ([...Deno.readDirSync(backups)].some(({ name }) => name.startsWith("ascribe-"))) {
            return;
          }
        } catch {
          // There is none before the first sync.
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      throw new Error("no backup was made");
    });
  });
});
