/**
 * Runs every test: those in a browser in a process of their own beside all others, since either waits much of its time.
 *
 *     deno run -A tests/run.ts [options of deno test]
 */
import { fileURLToPath } from "node:url";

const FLAGS = ["-q", "--frozen", "-A", "--unstable-worker-options", "--unstable-bundle"];
const IN_BROWSER = "tests/browser";
/** The line with which `deno test` ends. */
const SUMMARY = /^(?:ok|FAILED) \| (\d+) passed.*? \| (\d+) failed/m;

interface Ended {
  code: number;
  said: string;
}

if (import.meta.main) {
  const inBrowser = start([IN_BROWSER]).output();
  const others = await tell(start(["tests", `--ignore=${IN_BROWSER}`]));
  const { code, stdout, stderr } = await inBrowser;
  // Only now, so that no line of theirs stands among the others'.
  writeAll(Deno.stdout, stdout);
  writeAll(Deno.stderr, stderr);
  const ended = [others, { code, said: new TextDecoder().decode(stdout) }];
  const counts = ended.map(({ said }) => SUMMARY.exec(said));
  const sum = (group: number) => counts.reduce((all, it) => all + Number(it?.[group] ?? 0), 0);
  const isWell = ended.every(({ code }) => code === 0);
  console.log(`${isWell ? "ok" : "FAILED"} | ${sum(1)} passed | ${sum(2)} failed`);
  Deno.exit(isWell ? 0 : 1);
}

function start(what: string[]): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["test", ...FLAGS, ...what, ...Deno.args],
    cwd: fileURLToPath(new URL("../", import.meta.url)),
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
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
