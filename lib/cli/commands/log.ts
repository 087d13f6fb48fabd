import type { CommitHash } from "../../domain/ids.ts";
import { textOf } from "../../highlight/code_line.ts";
import { type HistoryEntry, readHistory } from "../../git/history.ts";
import type { CommitDiff, FileDiff } from "../../git/read/queries.ts";
import { authorship } from "../../queries/range.ts";
import type { Authorship } from "../../queries/schemas.ts";
import { maskSecrets } from "../../secrets/secrets.ts";
import { formatShare } from "../../text/format.ts";
import {
  type Call,
  type Command,
  CommandFailure,
  EXIT,
  type Flag,
  UsageError,
} from "../command.ts";
import type { Output, Piece } from "../output.ts";
import {
  commitHere,
  gitTrouble,
  openReading,
  type Pages,
  pagesOf,
  type ReadingContext,
  type RepositoryHere,
  repositoryHere,
} from "../reading.ts";
import { firstLine, fit } from "../table.ts";

const JSON_FLAG: Record<string, Flag> = {
  json: { type: "boolean", help: "print one JSON object a line" },
};

/** `ascribe log` */
export const log: Command = {
  name: "log",
  summary: "Show the commits of the repository here, each with its session",
  usage: "log [RANGE] [-- PATH]",
  details:
    "Shows commits as git log does, with the agent, the session, its prompt and its share of\n" +
    "the lines. RANGE is what git takes: a branch, BASE..HEAD, HEAD~5.",
  flags: {
    "max-count": { type: "string", value: "NUMBER", help: "how many commits at most" },
    "oneline": { type: "boolean", help: "one line a commit" },
    ...JSON_FLAG,
  },
  words: { min: 0, max: 20 },
  paths: true,
  runsGit: true,
  async run(call) {
    const { flags, rest, paths } = call;
    const limit = countOf(flags.text("max-count"));
    using context = openReading(call);
    const here = await repositoryHere(context);
    const { place } = here;
    const entries = readHistory(context.runner, { place, revisions: rest, paths, limit });
    let shown = 0;
    for (;;) {
      const { value, done } = await entries.next();
      if (done) {
        if (value !== null) throw gitTrouble(value);
        return shown > 0 ? EXIT.ok : EXIT.failed;
      }
      await showEntries(call, value, { context, here, first: shown === 0 });
      shown += value.length;
    }
  },
};

/** `ascribe show` */
export const show: Command = {
  name: "show",
  summary: "Show a commit of the repository here with its session and its changes",
  usage: "show [COMMIT]",
  details:
    "Shows a commit as git show does, with its sessions. COMMIT is any of git's revisions; HEAD\n" +
    "is the default.",
  flags: JSON_FLAG,
  words: { min: 0, max: 1 },
  runsGit: true,
  async run(call) {
    const { rest: [revision = "HEAD"], flags, output } = call;
    using context = openReading(call);
    const here = await repositoryHere(context);
    const hash = await commitHere(context, here, revision);
    const { place, path, commonDir } = here;
    const entries = readHistory(context.runner, { place, revisions: [hash], paths: [], limit: 1 });
    const { value, done } = await entries.next();
    if (done) throw value === null ? new CommandFailure(`git has no ${hash}.`) : gitTrouble(value);
    await showEntries(call, value, { context, here, first: true });
    if (flags.on("json")) return EXIT.ok;
    const parents = value[0].parents.length;
    const repository = { path, commonDir };
    const diff = await context.git.ask({ ask: "diff", repository, hash, parents });
    if (diff.kind !== "ok") throw gitTrouble(diff);
    output.print("");
    printDiff(output, diff.value);
    return EXIT.ok;
  },
};

function countOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const count = Number(text);
  if (Number.isSafeInteger(count) && count > 0 && /^\d+$/.test(text)) return count;
  throw new UsageError(`--max-count must be a whole number from 1 on, not ${JSON.stringify(text)}`);
}

async function showEntries(
  { output, flags, config }: Call,
  entries: readonly HistoryEntry[],
  { context, here, first }: { context: ReadingContext; here: RepositoryHere; first: boolean },
): Promise<void> {
  const hashes = entries.map(({ hash }) => hash);
  const found = await authorship.run(context, { id: here.id, hashes });
  const byHash = new Map<CommitHash, Authorship>(found.map((it) => [it.commit.hash, it]));
  const pages = pagesOf(config);
  entries.forEach((entry, i) => {
    const known = byHash.get(entry.hash);
    if (flags.on("json")) output.print(JSON.stringify(record(entry, known)));
    else if (flags.on("oneline")) output.paint(oneLine(entry, known, { output, pages }));
    else {
      if (!first || i > 0) output.print("");
      printEntry(output, entry, { known, pages });
    }
  });
}

function record(entry: HistoryEntry, known: Authorship | undefined) {
  const { hash, parents, authorName, authorEmail, message } = entry;
  const elsewhere = known?.commit.elsewhere ?? null;
  const authoredAt = known?.commit.authoredAt ?? null;
  return {
    hash,
    parents,
    authorName,
    authorEmail,
    authoredAt,
    message: maskSecrets(message),
    stored: known !== undefined,
    elsewhere,
    sessions: (known?.sessions ?? []).map(({ prompt, title, ...session }) => ({
      ...session,
      title: title === null ? null : maskSecrets(title),
      prompt: prompt === null ? null : { ...prompt, text: maskSecrets(prompt.text) },
    })),
  };
}

function oneLine(
  { hash, message }: HistoryEntry,
  known: Authorship | undefined,
  { output, pages }: { output: Output; pages: Pages },
): Piece[] {
  const [session] = known?.sessions ?? [];
  const subject = maskSecrets(message.split("\n", 1)[0]);
  const width = (output.width ?? Infinity) - 28;
  return [
    { text: hash.slice(0, 10), style: "hash", href: pages.commit(hash) },
    "  ",
    session === undefined ? "        " : {
      text: session.sessionId.slice(0, 8).padEnd(8),
      style: "session",
      href: pages.session(session.sessionId),
    },
    "  ",
    (session === undefined ? "" : formatShare(session.confidence)).padStart(4),
    "  ",
    fit(subject, width),
  ];
}

function printEntry(
  output: Output,
  { hash, parents, refs, authorName, authorEmail, date, message }: HistoryEntry,
  { known, pages }: { known: Authorship | undefined; pages: Pages },
): void {
  output.paint([
    { text: `commit ${hash}`, style: "hash", href: pages.commit(hash) },
    ...(refs === "" ? [] : [" (", { text: refs, style: "hunk" as const }, ")"]),
  ]);
  if (parents.length > 1) output.print(`Merge: ${parents.map((it) => it.slice(0, 8)).join(" ")}`);
  output.print(`Author:  ${authorName} <${authorEmail}>`);
  output.print(`Date:    ${date}`);
  for (
    const { sessionId, agent, title, tier, confidence, share, prompt } of known?.sessions ?? []
  ) {
    const how = [
      `${formatShare(confidence)} ${tier === 1 ? "recorded" : "inferred"}`,
      ...(share === null ? [] : [`${formatShare(share)} of its lines`]),
    ].join(", ");
    output.paint([
      "Session: ",
      { text: sessionId, style: "session", href: pages.session(sessionId) },
      ` (${agent ?? "unknown agent"}; ${how})`,
    ]);
    const asked = prompt?.text ?? title;
    if (asked !== null) {
      output.print(`Prompt:  ${fit(maskSecrets(firstLine(asked)), (output.width ?? 100) - 9)}`);
    }
  }
  if (known !== undefined && known.sessions.length === 0) {
    output.print(`Session: ${known.commit.elsewhere ? "none: another author" : "none known"}`);
  }
  output.print("");
  for (const line of maskSecrets(message).split("\n")) output.paint([`    ${line}`.trimEnd()]);
}

function printDiff(output: Output, { files, cut }: CommitDiff): void {
  for (const file of files) printFile(output, file);
  if (cut) output.log("There is more than is shown here: git show has all of it.");
}

function printFile(output: Output, file: FileDiff): void {
  const { path, oldPath, status, binary, hunks, oldMode, newMode } = file;
  const head = (text: string) => output.paint([{ text, style: "head" }]);
  head(`diff --git a/${oldPath ?? path} b/${path}`);
  if (status === "added") head(`new file mode ${newMode}`);
  if (status === "deleted") head(`deleted file mode ${oldMode}`);
  if (oldPath !== null) head(`${status === "copied" ? "copy" : "rename"} from ${oldPath}`);
  if (binary) return output.print(`Binary file ${path} differs`);
  if (hunks.length > 0) {
    head(status === "added" ? "--- /dev/null" : `--- a/${oldPath ?? path}`);
    head(status === "deleted" ? "+++ /dev/null" : `+++ b/${path}`);
  }
  for (const { oldStart, newStart, heading, lines } of hunks) {
    const count = (kind: "added" | "removed") =>
      lines.filter((line) => line.kind === kind || line.kind === "context").length;
    output.paint([
      {
        text: `@@ -${oldStart},${count("removed")} +${newStart},${count("added")} @@`,
        style: "hunk",
      },
      heading === "" ? "" : ` ${heading}`,
    ]);
    for (const { kind, code } of lines) {
      const mark = kind === "added" ? "+" : kind === "removed" ? "-" : " ";
      const text = mark + textOf(code);
      output.paint([kind === "context" ? text : { text, style: kind }]);
    }
  }
}
