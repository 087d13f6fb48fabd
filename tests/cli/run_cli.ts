import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { agentsIn } from "../support/agents.ts";
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

/** Runs a command to its end. */
export async function runCli(args: string[], env: Record<string, string> = {}): Promise<CliResult> {
  const { code, stdout, stderr } = await startCli(args, env).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}
