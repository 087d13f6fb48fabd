import type { RangeReport } from "../../queries/schemas.ts";
import { range as rangeQuery } from "../../queries/range.ts";
import { QueryError } from "../../queries/query.ts";
import { maskSecrets } from "../../secrets/secrets.ts";
import { formatCounted, formatShare } from "../../text/format.ts";
import { neutralMarkdown } from "../../text/markdown.ts";
import { type Command, CommandFailure, EXIT, type Flags, UsageError } from "../command.ts";
import type { Output } from "../output.ts";
import { commitHere, openReading, type Pages, pagesOf, repositoryHere } from "../reading.ts";
import { firstLine, fit, printTable } from "../table.ts";

const FORMATS = ["text", "markdown", "json"] as const;

/** `ascribe range` */
export const range: Command = {
  name: "range",
  summary: "Say who wrote a branch: sessions, prompts, lines and files",
  usage: "range BASE..HEAD [--format text|markdown|json] [--prompts]",
  details:
    "Shows what a reviewer wants to know of the commits that HEAD has and BASE has not. Markdown\n" +
    "is for a pull request's description: without prompts unless --prompts says so, and its names\n" +
    "notify nobody and close nothing.",
  flags: {
    format: { type: "string", value: "FORMAT", help: "text, markdown or json (text)" },
    json: { type: "boolean", help: "the same as --format json" },
    prompts: { type: "boolean", help: "put prompts into markdown, too" },
  },
  words: { min: 1, max: 1 },
  runsGit: true,
  async run(call) {
    const { rest: [word], flags, config, output } = call;
    const format = formatOf(flags);
    const [from, to] = endsOf(word);
    using context = openReading(call);
    const here = await repositoryHere(context);
    const base = await commitHere(context, here, from);
    const head = await commitHere(context, here, to);
    const report = await answered(rangeQuery.run(context, { id: here.id, base, head }));
    if (report.mergeBase === null) {
      throw new CommandFailure(
        `${from} and ${to} have no common history. In a shallow clone: git fetch --unshallow`,
      );
    }
    if (report.commits.length === 0) {
      output.log(`${to} has no commit that ${from} has not.`);
      return EXIT.failed;
    }
    if (format === "json") output.print(JSON.stringify(masked(report)));
    else if (format === "markdown") {
      for (const line of markdown(masked(report), flags.on("prompts"))) output.paint([line]);
    } else await printReport(output, masked(report), { name: word, pages: pagesOf(config) });
    return EXIT.ok;
  },
};

function formatOf(flags: Flags): typeof FORMATS[number] {
  const said = flags.text("format") ?? (flags.on("json") ? "json" : "text");
  const format = FORMATS.find((it) => it === said);
  if (format !== undefined) return format;
  throw new UsageError(`--format must be ${FORMATS.join(", ")}, not ${JSON.stringify(said)}`);
}

/** The two ends of a range; what git calls a symmetric difference begins at the merge base, too. */
function endsOf(word: string): [string, string] {
  const ends = /^(.*?)\.\.\.?(.*)$/s.exec(word);
  if (ends !== null && (ends[1] !== "" || ends[2] !== "")) {
    return [ends[1] || "HEAD", ends[2] || "HEAD"];
  }
  throw new UsageError(`${JSON.stringify(word)} is no range: type BASE..HEAD, such as main..HEAD`);
}

async function answered<Answer>(running: Promise<Answer>): Promise<Answer> {
  try {
    return await running;
  } catch (error) {
    if (error instanceof QueryError) throw new CommandFailure(error.message, { cause: error });
    throw error;
  }
}

/** The report with every text of others masked. */
function masked(report: RangeReport): RangeReport {
  const titled = <Item extends { title: string | null }>(item: Item): Item => ({
    ...item,
    title: item.title === null ? null : maskSecrets(item.title),
  });
  return {
    ...report,
    commits: report.commits.map((commit) => ({
      ...commit,
      subject: maskSecrets(commit.subject),
      sessions: commit.sessions.map(titled),
    })),
    sessions: report.sessions.map(titled),
    prompts: report.prompts.map((prompt) => ({
      ...prompt,
      text: maskSecrets(prompt.text),
      session: titled(prompt.session),
    })),
  };
}

function shareOf({ bySessions, added }: { bySessions: number; added: number }): string {
  return added === 0 ? "–" : formatShare(bySessions / added);
}

/** What the added lines are, as a list of counts that are not 0. */
function lineCounts(
  { added, bySessions, withSessions, byHand, byOthers, unknown }: RangeReport["lines"],
) {
  const parts: [number, string][] = [
    [bySessions, "written by sessions"],
    [withSessions, "in sessions' commits, not traced to an edit"],
    [byHand, "by hand"],
    [byOthers, "by others"],
    [unknown, "in commits that no sync has seen yet"],
  ];
  return [
    formatCounted(added, "added line"),
    parts.filter(([count]) => count > 0)
      .map(([count, what]) => `${count} (${formatShare(count / added)}) ${what}`).join(", "),
  ].filter((part) => part !== "").join(": ");
}

function testsSentence({ testsTouched, files }: RangeReport): string {
  const tests = files.filter(({ test }) => test).length;
  return testsTouched ? `Tests touched: ${formatCounted(tests, "file")}` : "No test was touched";
}

function notLandedOf(
  { sessions }: RangeReport,
): { path: string; lines: number; sessionId: string }[] {
  return sessions.flatMap(({ sessionId, notLanded }) =>
    notLanded.map((it) => ({ ...it, sessionId }))
  );
}

async function printReport(
  output: Output,
  report: RangeReport,
  { name, pages }: { name: string; pages: Pages },
): Promise<void> {
  const { commits, sessions, prompts, files, cut } = report;
  const linked = commits.filter((commit) => commit.sessions.length > 0).length;
  const heading = (text: string) => {
    output.print("");
    output.paint([{ text, style: "head" }]);
  };
  output.paint([
    { text: name, style: "head" },
    `: ${formatCounted(commits.length, "commit")}${cut ? " at least" : ""}, ${linked} from ${
      formatCounted(sessions.length, "session")
    }`,
  ]);
  output.print(lineCounts(report.lines));
  output.print(testsSentence(report));
  if (sessions.length > 0) {
    heading("Sessions");
    await printTable(
      output,
      [
        { head: "Session", style: "session", most: 36 },
        { head: "Agent" },
        { head: "Commits", align: "right" },
        { head: "Lines", align: "right" },
        { head: "Title" },
      ],
      sessions.map(({ sessionId, agent, commits, lines, title }) => [
        { text: sessionId, href: pages.session(sessionId) },
        agent ?? "",
        String(commits),
        String(lines),
        firstLine(title ?? ""),
      ]),
    );
  }
  if (prompts.length > 0) {
    heading("Prompts");
    for (const { at, lines, text } of prompts) {
      const start = `${at.slice(0, 16).replace("T", " ")}  ${formatCounted(lines, "line")}  `;
      output.print(start + fit(firstLine(text), (output.width ?? 120) - start.length));
    }
  }
  if (files.length > 0) {
    heading("Files");
    await printTable(
      output,
      [
        { head: "Sessions", align: "right" },
        { head: "Added", align: "right" },
        { head: "File" },
      ],
      files.map((file) => [shareOf(file), String(file.added), file.path]),
    );
  }
  const notLanded = notLandedOf(report);
  if (notLanded.length > 0) {
    heading("Written and never landed");
    for (const { path, lines, sessionId } of notLanded) {
      output.print(`${formatCounted(lines, "line")}  ${path}  ${sessionId.slice(0, 8)}`);
    }
  }
}

/** The most files that a description names. */
const MOST_FILES = 50;

function* markdown(report: RangeReport, withPrompts: boolean): Generator<string> {
  const { commits, sessions, prompts, files } = report;
  const linked = commits.filter((commit) => commit.sessions.length > 0).length;
  yield "### Where this came from";
  yield "";
  yield `${formatCounted(commits.length, "commit")}, ${linked} from ${
    formatCounted(sessions.length, "session")
  }. ${lineCounts(report.lines)}. ${testsSentence(report)}.`;
  if (sessions.length > 0) {
    yield "";
    yield "| session | agent | commits | lines |";
    yield "| --- | --- | ---: | ---: |";
    for (const { sessionId, agent, commits, lines } of sessions) {
      yield `| ${neutralMarkdown(sessionId.slice(0, 8))} | ${
        agent ?? ""
      } | ${commits} | ${lines} |`;
    }
  }
  if (withPrompts && prompts.length > 0) {
    yield "";
    yield "**Prompts**";
    yield "";
    for (const { text, lines } of prompts) {
      yield `1. ${neutralMarkdown(firstLine(text))} (${formatCounted(lines, "line")})`;
    }
  }
  yield "";
  yield "| file | added | by sessions |";
  yield "| --- | ---: | ---: |";
  for (const file of files.slice(0, MOST_FILES)) {
    yield `| ${neutralMarkdown(file.path)} | ${file.added} | ${shareOf(file)} |`;
  }
  if (files.length > MOST_FILES) {
    yield "";
    yield `And ${formatCounted(files.length - MOST_FILES, "more file")}.`;
  }
  const notLanded = notLandedOf(report);
  if (notLanded.length > 0) {
    const lines = notLanded.reduce((sum, it) => sum + it.lines, 0);
    yield "";
    yield `Written in these sessions and never landed: ${formatCounted(lines, "line")} in ${
      formatCounted(new Set(notLanded.map(({ path }) => path)).size, "file")
    }.`;
  }
}
