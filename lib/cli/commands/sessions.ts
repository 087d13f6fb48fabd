import type { SessionId } from "../../domain/ids.ts";
import { agentTitle } from "../../queries/range.ts";
import { everyItem, type QueryContext, QueryError } from "../../queries/query.ts";
import {
  session as sessionQuery,
  sessionFiles,
  sessions as sessionList,
} from "../../queries/sessions.ts";
import { maskSecrets } from "../../secrets/secrets.ts";
import { readerOf } from "../../sessions/registry.ts";
import { shellWord } from "../../shell/quote.ts";
import type { SessionDetail, SessionSummary } from "../../store/shapes.ts";
import { formatCounted, formatShare } from "../../text/format.ts";
import { type Command, CommandFailure, EXIT, UsageError } from "../command.ts";
import { LIST_FLAGS, openReading, pagesOf, repositoryOf, wantsJson } from "../reading.ts";
import { firstLine, fit, printTable } from "../table.ts";

/** `ascribe sessions` */
export const sessions: Command = {
  name: "sessions",
  summary: "List sessions, the one that ended last first",
  usage: "sessions [--repository NAME|.] [--since DATE] [--ids] [--format text|json]",
  flags: {
    ...LIST_FLAGS,
    since: { type: "string", value: "DATE", help: "sessions that ended on this day or later" },
    ids: { type: "boolean", help: "print ids alone" },
  },
  words: { min: 0, max: 0 },
  async run(call) {
    const { flags, config, output } = call;
    const json = wantsJson(flags);
    const from = dateOf(flags.text("since"));
    using context = openReading(call);
    const repository = await repositoryOf(context, flags.text("repository"));
    const found = await everyItem(sessionList, context, { repository, from });
    if (json || flags.on("ids")) {
      for (const it of found) output.print(json ? JSON.stringify(maskedTitle(it)) : it.sessionId);
      return found.length > 0 || json ? EXIT.ok : EXIT.failed;
    }
    if (found.length === 0) {
      output.log("No session was found.");
      return EXIT.failed;
    }
    const agents = await context.reads.agentsOf(found.map(({ sessionId }) => sessionId));
    const pages = pagesOf(config);
    await printTable(
      output,
      [
        { head: "Ended" },
        { head: "Session", style: "session", most: 36 },
        { head: "Agent" },
        { head: "Commits", align: "right" },
        { head: "Landed", align: "right" },
        { head: "Title" },
      ],
      found.map((it) => [
        (it.endedAt ?? "").slice(0, 16).replace("T", " "),
        { text: it.sessionId, href: pages.session(it.sessionId) },
        agentTitle(agents.get(it.sessionId)) ?? "",
        String(it.commitCount),
        `${it.linesLanded}/${it.linesWritten}`,
        firstLine(maskSecrets(it.title ?? it.firstMessage ?? "")),
      ]),
    );
    return EXIT.ok;
  },
};

/** `ascribe session` */
export const session: Command = {
  name: "session",
  summary: "Show a session: its prompts, commits and files",
  usage: "session ID [--json]",
  details: "ID is a session's id or the start of one.",
  flags: { json: { type: "boolean", help: "print one JSON object" } },
  words: { min: 1, max: 1 },
  async run(call) {
    const { rest: [id], flags, config, output } = call;
    using context = openReading(call);
    const found = await findSession(context, id);
    const { files } = await sessionFiles.run(context, { id: found.sessionId });
    const agents = await context.reads.agentsOf([found.sessionId]);
    const agent = agentTitle(agents.get(found.sessionId));
    if (flags.on("json")) {
      const prompts = found.prompts.map((it) => ({ ...it, text: maskSecrets(it.text) }));
      output.print(JSON.stringify({ ...maskedTitle(found), agent, prompts, files }));
      return EXIT.ok;
    }
    const pages = pagesOf(config);
    const width = output.width ?? 120;
    output.paint([
      { text: found.sessionId, style: "session", href: pages.session(found.sessionId) },
      ` (${agent ?? "unknown agent"})`,
    ]);
    const title = found.title ?? found.firstMessage;
    if (title !== null) output.print(maskSecrets(firstLine(title)));
    output.print(
      `${found.startedAt ?? "?"} to ${found.endedAt ?? "?"}, ${
        formatCounted(found.promptCount, "prompt")
      }, ${found.linesLanded} of ${formatCounted(found.linesWritten, "line")} landed`,
    );
    const heading = (text: string) => {
      output.print("");
      output.paint([{ text, style: "head" }]);
    };
    heading("Prompts");
    for (const { at, text } of found.prompts) {
      const start = `${at.slice(0, 16).replace("T", " ")}  `;
      output.print(start + fit(maskSecrets(firstLine(text)), width - start.length));
    }
    if (found.nextPrompts !== null) {
      output.print(`and ${formatCounted(found.promptCount - found.nextPrompts, "more prompt")}`);
    }
    heading("Commits");
    for (const { hash, confidence, linkTier, subject } of found.commits) {
      output.paint([
        { text: hash.slice(0, 10), style: "hash", href: pages.commit(hash) },
        `  ${formatShare(confidence).padStart(4)} ${linkTier === 1 ? "recorded" : "inferred"}  `,
        fit(maskSecrets(firstLine(subject)), width - 28),
      ]);
    }
    heading("Files");
    for (const { path, edits, landed } of files) {
      output.print(`${formatCounted(edits, "edit")}, ${landed} landed  ${path}`);
    }
    return EXIT.ok;
  },
};

/** `ascribe resume` */
export const resume: Command = {
  name: "resume",
  summary: "Print the agent's own command that goes on with a session",
  usage: "resume ID [--json]",
  details: "ID is a session's id or the start of one. The command is printed and not run.",
  flags: { json: { type: "boolean", help: "print one JSON object" } },
  words: { min: 1, max: 1 },
  async run(call) {
    const { rest: [id], flags, output } = call;
    using context = openReading(call);
    const { sessionId, cwds } = await findSession(context, id);
    const agent = (await context.reads.agentsOf([sessionId])).get(sessionId);
    const own = (agent === undefined ? sessionId : plainId(sessionId, agent)) as SessionId;
    const command = agent === undefined ? null : readerOf(agent).resumeCommand(own);
    if (command === null) {
      throw new CommandFailure(`${agentTitle(agent) ?? "Its agent"} cannot go on with a session.`);
    }
    const folder = cwds[0] ?? null;
    if (flags.on("json")) output.print(JSON.stringify({ sessionId, folder, command }));
    else {
      const words = command.map((word) => /^[\w./:=@%+-]+$/.test(word) ? word : shellWord(word));
      output.print(
        [...(folder === null ? [] : [`cd ${shellWord(folder)}`]), words.join(" ")].join(" && "),
      );
    }
    return EXIT.ok;
  },
};

/** The agent's own id of a session, without the agent's name that tells it apart from another's. */
function plainId(id: SessionId, agent: string): string {
  return id.startsWith(`${agent}:`) ? id.slice(agent.length + 1) : id;
}

/**
 * Finds the session that an id or its start names.
 *
 * @throws {UsageError} If none or several do.
 */
async function findSession(context: QueryContext, id: string): Promise<SessionDetail> {
  try {
    return await sessionQuery.run(context, { id });
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
  }
  const near = await sessionList.run(context, { text: id.slice(0, 200), limit: 50 });
  const starting = near.items.filter(({ sessionId }) => sessionId.startsWith(id));
  if (starting.length === 1) {
    return await sessionQuery.run(context, { id: starting[0].sessionId });
  }
  const names = (starting.length > 0 ? starting : near.items).slice(0, 5)
    .map(({ sessionId, title }) =>
      `${sessionId} ${fit(maskSecrets(firstLine(title ?? "")), 40)}`.trim()
    );
  const what = starting.length > 1
    ? `${id} is the start of several sessions' ids`
    : `No session's id is or begins with ${JSON.stringify(id.slice(0, 80))}`;
  throw new UsageError(
    names.length === 0
      ? `${what}: ascribe sessions lists them`
      : `${what}. Near: ${names.join("; ")}`,
  );
}

function maskedTitle<Session extends SessionSummary>(session: Session): Session {
  const masked = (text: string | null) => text === null ? null : maskSecrets(text);
  return { ...session, title: masked(session.title), firstMessage: masked(session.firstMessage) };
}

function dateOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw new UsageError(`--since must be a day such as 2026-03-31, not ${JSON.stringify(text)}`);
}
