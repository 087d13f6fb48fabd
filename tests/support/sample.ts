import { join } from "node:path";
import { readGitEnvironment } from "../../lib/config.ts";
import { createGitRunner } from "../../lib/git/run/runner.ts";
import { backUpDaily } from "../../lib/store/backup.ts";
import { openOwned } from "../../lib/store/open.ts";
import { runGitSync } from "../../lib/sync/pipeline.ts";
import { buildSample } from "../../sample/sample.ts";
import { claudeCode } from "./agents.ts";

/** The day that the sample of the tests ends with. */
export const SAMPLE_DATE = "2026-03-31";

/** The sample workspace as the tests of a process share it: nobody changes it. */
export interface SharedSample {
  /** Where its repositories are, below `work`. */
  folder: string;
  claudeDir: string;
  /** A data folder into which it was synced, with a backup. Nobody writes to it: see {@linkcode copyFolder}. */
  dataDir: string;
}

let shared: Promise<SharedSample> | null = null;

/** The sample workspace, built and synced once, and gone with the process. */
export function sharedSample(): Promise<SharedSample> {
  return shared ??= build();
}

async function build(): Promise<SharedSample> {
  const home = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "ascribe-sample-" }));
  globalThis.addEventListener("unload", () => Deno.removeSync(home, { recursive: true }));
  const folder = join(home, "sample");
  const dataDir = join(home, "data");
  const runGit = createGitRunner({ environment: { ...readGitEnvironment(), HOME: home } });
  const { claudeDir } = await buildSample(folder, { date: SAMPLE_DATE, git: runGit });
  // So that it holds a commit that was rewritten.
  await runGit.run(["commit", "-q", "--amend", "--no-edit"], {
    cwd: join(folder, "work/handbook"),
  });
  Deno.mkdirSync(dataDir, { mode: 0o700 });
  const opened = openOwned(dataDir, { now: Date.now() });
  if (opened.kind !== "opened") throw new Error(opened.message);
  using db = opened.db;
  await runGitSync({ db, agents: claudeCode(claudeDir), runGit, now: Date.now }, {
    onProgress: () => {},
  });
  await backUpDaily(db, { dataDir, now: Date.now() });
  return { folder, claudeDir, dataDir };
}

/** Copies a folder with all that is in it, for the user's eyes only where the original is. */
export function copyFolder(from: string, to: string): void {
  Deno.mkdirSync(to, { recursive: true, mode: Deno.statSync(from).mode! & 0o777 });
  for (const { name, isDirectory } of Deno.readDirSync(from)) {
    if (isDirectory) copyFolder(join(from, name), join(to, name));
    else Deno.copyFileSync(join(from, name), join(to, name));
  }
}
