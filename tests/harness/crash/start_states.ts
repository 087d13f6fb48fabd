import { claudeCode } from "../../support/agents.ts";
import { join } from "node:path";
import { backUpDaily } from "../../../lib/store/backup.ts";
import { type Database, openDatabase } from "../../../lib/store/database.ts";
import { databasePath, openStore } from "../../../lib/store/open.ts";
import { saveAlias } from "../../../lib/store/write/repository_aliases.ts";
import { writeSettings } from "../../../lib/store/write/settings.ts";
import { indexSources } from "../../../lib/sync/steps/index_sources.ts";
import { runGitSync } from "../../../lib/sync/pipeline.ts";
import { scanRepositories } from "../../../lib/sync/steps/scan.ts";
import type { Workspace } from "../../support/workspace.ts";

/** What is killed: a command, and what its data folder holds when it begins. */
export interface Scenario {
  name: string;
  /** What is run; `serve` begins with a background sync. */
  args: readonly string[];
  /** Fills the data folder; with none, there is none. */
  prepare: ((workspace: Workspace, dataDir: string) => Promise<void>) | null;
  /** Whether its moments are those right after the database was opened, and no later ones. */
  opening?: boolean;
}

/** Every step of a sync, each begun with the one before it done. */
export const SCENARIOS: readonly Scenario[] = [
  { name: "index", args: ["index"], prepare: userData },
  {
    name: "scan",
    args: ["sync"],
    prepare: (workspace, dataDir) => before("scan", workspace, dataDir),
  },
  {
    name: "link",
    args: ["sync"],
    prepare: (workspace, dataDir) => before("link", workspace, dataDir),
  },
  { name: "rebuild", args: ["sync", "--rebuild"], prepare: synced },
  { name: "migration", args: ["sync"], prepare: oldSchema, opening: true },
  { name: "a new folder", args: ["sync"], prepare: null },
  { name: "serve", args: ["serve", "--port", "0"], prepare: userData },
];

function open(dataDir: string): Database {
  const opened = openStore(dataDir, "write");
  if (opened.kind !== "opened") throw new Error(opened.message);
  return opened.db;
}

/** What a user has said and no transcript can bring back. */
function say(db: Database): void {
  saveAlias(db, { oldPath: "/was/there", newPath: "/is/here" });
  writeSettings(db, { gitSyncIntervalSecs: 3_600 });
}

function userData(_: Workspace, dataDir: string): Promise<void> {
  using db = open(dataDir);
  say(db);
  return Promise.resolve();
}

/** Everything that comes before a step is done. */
async function before(step: "scan" | "link", workspace: Workspace, dataDir: string): Promise<void> {
  using db = open(dataDir);
  say(db);
  const deps = {
    db,
    agents: claudeCode(workspace.claudeDir),
    runGit: workspace.runGit,
    now: Date.now,
  };
  await indexSources(deps, { onProgress: () => {} });
  if (step === "link") await scanRepositories(deps, { onProgress: () => {} });
}

/** A database after a sync, with a backup. */
export async function synced(workspace: Workspace, dataDir: string): Promise<void> {
  using db = open(dataDir);
  say(db);
  await runGitSync({
    db,
    agents: claudeCode(workspace.claudeDir),
    runGit: workspace.runGit,
    now: Date.now,
  }, { onProgress: () => {} });
  await backUpDaily(db, { dataDir, now: Date.now() });
}

/** A database as it is before the first migration. */
function oldSchema(_: Workspace, dataDir: string): Promise<void> {
  Deno.mkdirSync(dataDir, { mode: 0o700 });
  using db = openDatabase(databasePath(dataDir), "inspect");
  db.exec("PRAGMA journal_mode = WAL; PRAGMA user_version = 0");
  return Promise.resolve();
}

/** Copies a data folder whose database nobody has open. */
export async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { mode: 0o700 });
  for (const { name, isDirectory } of [...Deno.readDirSync(from)]) {
    if (isDirectory) await copyFolder(join(from, name), join(to, name));
    else await Deno.copyFile(join(from, name), join(to, name));
  }
}
