import { resolve } from "node:path";
import { buildSample } from "../../../sample/sample.ts";
import { readGitEnvironment } from "../../config.ts";
import { createGitRunner } from "../../git/run/runner.ts";
import { type Command, CommandFailure, EXIT, UsageError } from "../command.ts";

/** `ascribe sample` */
export const sample: Command = {
  name: "sample",
  summary: "Build a sample workspace to look at",
  usage: "sample DIR [--date YYYY-MM-DD] [--json]",
  details:
    "Writes git repositories and sessions of ninety days of work to DIR, which must be empty or\n" +
    "missing. The same date gives the same commits. Look at it with\n" +
    "ascribe serve --claude-dir DIR/claude --data-dir DIR/data",
  flags: {
    date: { type: "string", value: "DATE", help: "the day after the last of the ninety (today)" },
    json: { type: "boolean", help: "print one JSON object" },
  },
  words: { min: 1, max: 1 },
  runsGit: true,
  async run({ rest: [folder], flags, output }) {
    const dir = resolve(folder);
    const date = dateOf(flags.text("date"));
    if (!isFree(dir)) {
      throw new CommandFailure(`${dir} is not an empty folder. Name one that is, or a new one.`);
    }
    const git = createGitRunner({ environment: readGitEnvironment() });
    const { truth: _, ...made } = await buildSample(dir, { date, git });
    if (flags.on("json")) output.print(JSON.stringify({ dir, date, ...made }));
    else {
      output.print(
        `${made.repositories} repositories, ${made.sessions} sessions and ${made.commits} commits are in ${dir}`,
      );
      output.print(
        `Look at them: ascribe serve --claude-dir ${made.claudeDir} --data-dir ${dir}/data`,
      );
    }
    return EXIT.ok;
  },
};

function dateOf(text: string | undefined): string {
  const date = text ?? new Date().toISOString().slice(0, 10);
  const read = new Date(`${date}T00:00:00Z`);
  if (!Number.isNaN(read.getTime()) && read.toISOString().startsWith(date) && date.length === 10) {
    return date;
  }
  throw new UsageError(`--date must be a day such as 2026-03-31, not ${JSON.stringify(text)}`);
}

function isFree(dir: string): boolean {
  try {
    return Deno.readDirSync(dir)[Symbol.iterator]().next().done === true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return true;
    return false;
  }
}
