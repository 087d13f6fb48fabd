import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { join } from "node:path";
import { readConfig } from "../../lib/config.ts";
import { measureData } from "../../lib/store/data_size.ts";
import { openDatabase } from "../../lib/store/database.ts";
import { readSettings, writeSettings } from "../../lib/store/write/settings.ts";
import { createApp } from "../../main.ts";
import { withFileRoutes } from "../support/file_routes.ts";
import { localRequest, presetServices } from "../support/services.ts";

async function inDataFolder(work: (dataDir: string) => Promise<void>): Promise<void> {
  const dataDir = await Deno.makeTempDir({ prefix: "ascribe-data-size-" });
  try {
    for (const folder of ["ascribe-backups", "ascribe-sample/work"]) {
      await Deno.mkdir(join(dataDir, folder), { recursive: true });
    }
    const files: [string, number][] = [
      ["ascribe.db", 3_000],
      ["ascribe.db-wal", 500],
      ["ascribe-backups/ascribe-000000001-2026-01-01.db", 2_000],
      ["ascribe-backups/ascribe-000000002-2026-01-02.db", 2_000],
      ["ascribe-backups/holiday.jpg", 70_000],
      ["ascribe-sample/work/a", 40],
      ["letter.txt", 90_000],
    ];
    for (const [name, size] of files) {
      await Deno.writeFile(join(dataDir, name), new Uint8Array(size));
    }
    await work(dataDir);
  } finally {
    await Deno.remove(dataDir, { recursive: true });
  }
}

describe("measureData", () => {
  it("adds up what is Ascribe's in the data folder, and nothing else", async () => {
    await inDataFolder(async (dataDir) => {
      assertEquals(await measureData(dataDir), {
        database: 3_500,
        backups: 4_000,
        backupCount: 2,
        sample: 40,
        other: 0,
        total: 7_540,
      });
      assertEquals((await measureData(join(dataDir, "nowhere"))).total, 0);
    });
  });
});

describe("the settings page", () => {
  it("says how large the data folder is, and of every setting where its value comes from", async () => {
    await inDataFolder(async (dataDir) => {
      const flags = { dataDir, agents: { "claude-code": "/tmp/claude" } };
      const environment = { ASCRIBE_PORT: "5000", HOME: "/home/ada" };
      const outcome = readConfig(flags, { environment });
      assert(outcome.kind === "config");
      using db = openDatabase(":memory:");
      const services = { ...presetServices(db), config: outcome.config };
      const handler = (await withFileRoutes(createApp(services))).handler();
      const read = async () =>
        (await (await handler(localRequest("/settings"))).text()).replaceAll(/<[^>]+>|\s+/g, " ")
          .replaceAll(/ +/g, " ");
      const text = await read();
      for (
        const said of [
          "7.4 KB : the database 3.4 KB, 2 backups 3.9 KB, the sample workspace 40 B",
          "From the flag --data-dir.",
          "From the environment variable ASCRIBE_PORT.",
          "10–86,400 seconds; 0 turns it off. Default: 60.",
          "info The default. Set it with --log-level",
        ]
      ) assert(text.includes(said), `${said} is not in ${text}`);
      writeSettings(db, readSettings(db));
      assert((await read()).includes("Set here, kept in the database."));
    });
  });
});
