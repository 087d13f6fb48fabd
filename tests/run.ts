/**
 * Runs every test, or those whose path or folder is named: those in a browser in one process, all others in another one
 * beside it, since either waits much of its time. With `--harness` they do all that they can, from a seed that is new each
 * time, and those below `harness/` are among them.
 *
 *     deno run -A tests/run.ts [--harness] [--filter=…] [links] [browser/find_test.ts]
 */
import { fileURLToPath } from "node:url";
import { SEED } from "./support/harness.ts";

const FLAGS = ["-q", "--frozen", "-A", "--unstable-worker-options", "--unstable-bundle"];
const TESTS = fileURLToPath(new URL("./", import.meta.url));
/** Each is a process. */
const GROUPS = [/^browser\//, /^(?!browser\/)/];
/** The line with which `deno test` ends. */
const SUMMARY =
  /^(?:ok|FAILED) \| (\d+) passed(?: \((\d+) steps?\))? \| (\d+) failed(?: \((\d+) steps?\))?/m;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** How a process ended, and what it printed. */
interface Ended {
  code: number;
  said: string;
}

if (import.meta.main) Deno.exit(await main(Deno.args));

async function main(args: string[]): Promise<number> {
  const options = args.filter((arg) => arg.startsWith("-") && arg !== "--harness");
  const wanted = args.filter((arg) => !arg.startsWith("-")).map((arg) =>
    arg.replace(/^tests\//, "")
  );
  const isFull = args.includes("--harness");
  const files = [...testFiles()].filter((path) =>
    wanted.length === 0
      ? isFull || !path.startsWith("harness/")
      : wanted.some((part) => path === part || path.startsWith(part))
  ).sort();
  const seed = Deno.env.get("ASCRIBE_SEED") ??
    String(isFull ? crypto.getRandomValues(new Uint32Array(1))[0] >>> 1 : SEED);
  console.log(`Seed ${seed}. ASCRIBE_SEED=${seed} makes the same choices again.`);
  const env = { NO_COLOR: "1", ASCRIBE_SEED: seed, ...isFull && { ASCRIBE_HARNESS: "full" } };
  const children = GROUPS.map((group) => files.filter((path) => group.test(path)))
    .filter((group) => group.length > 0).map((group) => start(group, { options, env }));
  for (const signal of SIGNALS) Deno.addSignalListener(signal, () => end(children, signal));
  // What the first says is shown while it says it, then what the others said, so that no lines are mixed.
  const [first, ...others] = children.toReversed();
  const quiet = others.map((child) => child.output());
  const ended = [await tell(first)];
  for (const { code, stdout, stderr } of await Promise.all(quiet)) {
    writeAll(Deno.stdout, stdout);
    writeAll(Deno.stderr, stderr);
    ended.push({ code, said: new TextDecoder().decode(stdout) });
  }
  const counts = ended.map(({ said }) => SUMMARY.exec(said));
  const sum = (group: number) => counts.reduce((all, it) => all + Number(it?.[group] ?? 0), 0);
  const isWell = ended.every(({ code }) => code === 0);
  const failed = Math.max(sum(4), sum(3), isWell ? 0 : 1);
  console.log(`${isWell ? "ok" : "FAILED"} | ${sum(2)} passed | ${failed} failed`);
  return isWell ? 0 : 1;
}

/** The test files, as paths from this folder. */
function* testFiles(folder = ""): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(TESTS + folder)) {
    if (isDirectory) yield* testFiles(`${folder}${name}/`);
    else if (name.endsWith("_test.ts")) yield folder + name;
  }
}

function start(
  files: string[],
  { options, env }: { options: string[]; env: Record<string, string> },
): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["test", ...FLAGS, ...options, "tests/suite.ts", "--", ...files],
    cwd: fileURLToPath(new URL("../", import.meta.url)),
    env,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    // A group of its own, so that what the tests start can be ended with them.
    detached: true,
  }).spawn();
}

/** Ends the processes with all that they started, and this one as the signal would have. */
function end(children: readonly Deno.ChildProcess[], signal: Deno.Signal): void {
  for (const { pid } of children) {
    try {
      Deno.kill(-pid, "SIGKILL");
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  Deno.exit(128 + { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 }[signal as typeof SIGNALS[number]]);
}

/** Shows what a process says while it says it. */
async function tell(child: Deno.ChildProcess): Promise<Ended> {
  let said = "";
  const decoder = new TextDecoder();
  const showing = [child.stdout, child.stderr].map(async (stream, i) => {
    for await (const chunk of stream) {
      if (i === 0) said += decoder.decode(chunk, { stream: true });
      writeAll(i === 0 ? Deno.stdout : Deno.stderr, chunk);
    }
  });
  await Promise.all(showing);
  return { code: (await child.status).code, said };
}

function writeAll(to: { writeSync(bytes: Uint8Array): number }, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += to.writeSync(bytes.subarray(at));
}
