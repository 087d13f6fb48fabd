import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ENVIRONMENT_VARIABLES } from "../../lib/config.ts";
import { createOutput } from "../../lib/cli/output.ts";
import { run } from "../../lib/cli/program.ts";
import { createApp } from "../../main.ts";
import { agentsIn } from "../support/agents.ts";
import { copyFolder, sharedSample } from "../support/sample.ts";
import { taskArgs } from "../support/server.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What a command came to. */
export interface CliResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** A folder for one test, with what the program is told of it. */
export interface CliPlace extends AsyncDisposable {
  folder: string;
  claudeDir: string;
  dataDir: string;
  env: Record<string, string>;
}

/** Makes an empty place, whose transcripts are in `claude` and whose database will be in `data`. */
export async function makePlace(): Promise<CliPlace> {
  const folder = Deno.realPathSync(await Deno.makeTempDir({ prefix: "ascribe-cli-" }));
  const [claudeDir, dataDir] = [join(folder, "claude"), join(folder, "data")];
  await Deno.mkdir(join(claudeDir, "projects"), { recursive: true });
  return {
    folder,
    claudeDir,
    dataDir,
    env: { ...agentsIn(folder), ASCRIBE_DATA_DIR: dataDir },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** Makes a place for the sample's transcripts, which were synced; nobody may change them. */
export async function makeSyncedPlace(): Promise<CliPlace> {
  const sample = await sharedSample();
  const place = await makePlace();
  copyFolder(sample.dataDir, place.dataDir);
  place.claudeDir = sample.claudeDir;
  place.env.CLAUDE_CONFIG_DIR = place.claudeDir;
  return place;
}

/** Starts a command as the task `cli` does: with no more permissions than users give it. */
export function startCli(args: string[], env: Record<string, string> = {}): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: [...taskArgs("cli"), ...args],
    cwd: ROOT,
    env: { DENO_NO_UPDATE_CHECK: "1", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Runs a command to its end in a process of its own: for exit codes, permissions, and what serves. */
export async function runProcess(
  args: string[],
  env: Record<string, string> = {},
): Promise<CliResult> {
  const { code, stdout, stderr } = await startCli(args, env).output();
  return { code, stdout: textOf([stdout]), stderr: textOf([stderr]) };
}

/** Runs a command to its end in this process, one at a time. */
export async function runCli(args: string[], env: Record<string, string> = {}): Promise<CliResult> {
  if (args[0] === "serve") throw new Error("What serves gives up rights: run it in a process");
  const [stdout, stderr]: Uint8Array[][] = [[], []];
  const collect = (chunks: Uint8Array[]) => ({
    isTerminal: () => false,
    writeSync: (bytes: Uint8Array) => chunks.push(bytes.slice()) && bytes.length,
  });
  const output = createOutput({ stdout: collect(stdout), stderr: collect(stderr) });
  const before = new Map<string, string | undefined>();
  for (const name of ENVIRONMENT_VARIABLES) {
    if (name.startsWith("ASCRIBE_")) before.set(name, Deno.env.get(name));
  }
  for (const name of Object.keys(env)) before.set(name, Deno.env.get(name));
  for (const name of before.keys()) setVariable(name, env[name]);
  try {
    const host = {
      handlerFor: (services: Parameters<typeof createApp>[0]) => createApp(services).handler(),
    };
    const code = await run(args, host, output);
    return { code, stdout: textOf(stdout), stderr: textOf(stderr) };
  } finally {
    for (const [name, value] of before) setVariable(name, value);
  }
}

function setVariable(name: string, value: string | undefined): void {
  if (value === undefined) Deno.env.delete(name);
  else Deno.env.set(name, value);
}

function textOf(chunks: Uint8Array[]): string {
  const decoder = new TextDecoder();
  return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join("");
}
