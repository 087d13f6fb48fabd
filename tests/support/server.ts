import { agentsIn } from "./agents.ts";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = new URL("../../", import.meta.url);
const STARTING_MS = 20_000;

/** The program at work, as its user starts it. */
export interface RunningServer extends AsyncDisposable {
  /** Where it listens, without a slash at the end. */
  url: string;
  pid: number;
  dataDir: string;
  claudeDir: string;
  /** What it printed so far. */
  output(): string;
  /** Asks it to end, waits until it did, and removes the folders that it was given none of. */
  stop(): Promise<Deno.CommandStatus>;
}

export interface ServerOptions {
  /** Where transcripts are. @default an empty folder */
  claudeDir?: string;
  /** Where the database is. @default an empty folder */
  dataDir?: string;
  /** @default {"127.0.0.1"} */
  host?: string;
  /** @default any free one */
  port?: number;
  /** Whose permissions it gets. @default {"start"} */
  task?: string;
  /** What to add to the command line. */
  args?: string[];
  /** The folder that holds the program. @default this project's */
  from?: string;
  /** Flags of `deno run` beyond those of the task `start`. */
  flags?: string[];
  /** @default no more than the process's own and the two that name the folders */
  env?: Record<string, string>;
}

/** The arguments of `deno` in a task, permissions included, so that tests run the program with no more than users do. */
export function taskArgs(task: string): string[] {
  const { tasks } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", ROOT)));
  const words: string[] = tasks[task].command.split(" ");
  return words.slice(words.indexOf("deno") + 1);
}

/** A port that nothing listens on. It is below those that systems hand out themselves, so nothing takes it meanwhile. */
export function freePort(): number {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    try {
      using _listener = Deno.listen({ hostname: "127.0.0.1", port });
      return port;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
}

/**
 * Starts the program in a process of its own, and waits until it answers.
 *
 * @throws {Error} If it ends or does not answer within 20 s; the message has what it printed.
 */
export async function startServer(options: ServerOptions = {}): Promise<RunningServer> {
  const ownFolder = await Deno.makeTempDir({ prefix: "ascribe-server-" });
  const claudeDir = options.claudeDir ?? join(ownFolder, "claude");
  const dataDir = options.dataDir ?? join(ownFolder, "data");
  await Deno.mkdir(join(claudeDir, "projects"), { recursive: true });
  const port = options.port ?? freePort();
  const host = options.host ?? "127.0.0.1";
  const url = host === "0.0.0.0"
    ? `http://127.0.0.1:${port}`
    : `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
  const [run, ...rest] = taskArgs(options.task ?? "start");
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      run,
      ...options.flags ?? [],
      ...rest,
      "--host",
      host,
      "--port",
      String(port),
      ...options.args ?? [],
    ],
    cwd: options.from ?? fileURLToPath(ROOT),
    env: {
      ...agentsIn(ownFolder),
      CLAUDE_CONFIG_DIR: claudeDir,
      ASCRIBE_DATA_DIR: dataDir,
      DENO_NO_UPDATE_CHECK: "1",
      ...options.env,
    },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let printed = "";
  const reading = Promise.all([child.stdout, child.stderr].map(async (stream) => {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) printed += text;
  }));
  let ended: Deno.CommandStatus | null = null;
  const ending = child.status.then((status) => ended = status);

  const stop = async (): Promise<Deno.CommandStatus> => {
    if (ended === null) child.kill("SIGTERM");
    const status = await ending;
    await reading;
    await Deno.remove(ownFolder, { recursive: true }).catch(() => {});
    return status;
  };
  const deadline = Date.now() + STARTING_MS;
  while (!await answers(url)) {
    if (ended !== null || Date.now() > deadline) {
      if (ended === null) child.kill("SIGKILL");
      await stop();
      throw new Error(`The server did not start:\n${printed}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url,
    pid: child.pid,
    dataDir,
    claudeDir,
    output: () => printed,
    stop,
    [Symbol.asyncDispose]: async () => void await stop(),
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/api/health`);
    await response.body?.cancel();
    return true;
  } catch {
    return false;
  }
}
