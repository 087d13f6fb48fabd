import type { AgentId, RepositoryId, SessionId } from "../../domain/ids.ts";
import { type Evidence, type Rule, RULES } from "../../domain/links.ts";
import { explainCommit, explainReason, explainWeight } from "../../links/explain.ts";
import { AmbiguousCommit, commit } from "../../queries/commits.ts";
import { type QueryContext, QueryError } from "../../queries/query.ts";
import { evidenceSentence, RULE_NAMES } from "../../queries/evidence.ts";
import { agentTitle } from "../../queries/range.ts";
import { maskSecrets } from "../../secrets/secrets.ts";
import type { CommitDetail, ConsideredSession } from "../../store/shapes.ts";
import { formatCounted, formatShare } from "../../text/format.ts";
import { type Command, CommandFailure, EXIT, UsageError } from "../command.ts";
import { commitHere, openReading, type ReadingContext, repositoryHere } from "../reading.ts";
import { firstLine, fit } from "../table.ts";
import { type BlamedLine, blameLines, parseLines } from "./blame.ts";

/** `ascribe why` */
export const why: Command = {
  name: "why",
  summary: "Say which session made a commit or wrote a line, and on what evidence",
  usage: "why [COMMIT|FILE:LINE] [SESSION] [--json]",
  details:
    "Shows the evidence for each session that a commit is linked with, and what spoke for those\n" +
    "that it is not linked with. COMMIT is any of git's revisions, HEAD by default; the start of a\n" +
    "hash is found in every repository. SESSION is an id or its start.",
  flags: { json: { type: "boolean", help: "print one JSON object" } },
  words: { min: 0, max: 2 },
  async run(call) {
    const { rest: [word = "HEAD", session = ""], flags, output } = call;
    using context = openReading(call);
    const { found, line } = await commitNamed(context, word);
    const about = <Item extends { sessionId: string }>(items: Item[]) =>
      items.filter(({ sessionId }) => sessionId.startsWith(session));
    const linked = about(found.sessions);
    const considered = about(found.considered);
    const agents = await context.reads.agentsOf(linked.map(({ sessionId }) => sessionId));
    if (flags.on("json")) {
      const { hash, subject, repository } = found;
      output.print(
        JSON.stringify({ commit: hash, subject, repository: repository.path, linked, considered }),
      );
      return EXIT.ok;
    }
    if (line !== null) output.paint([{ text: lineHeadline(line), style: "head" }]);
    output.paint([{ text: headline(found, agents, session), style: "head" }]);
    output.print(`${found.hash} ${maskSecrets(found.subject)}`);
    output.print(`${found.authorName}, ${found.authoredAt}, ${found.repository.path}`);
    for (const note of explainCommit(found)) output.print(note);
    for (const { sessionId, title, confidence, tier, evidence } of linked) {
      output.print("");
      output.print(`Linked with ${named({ sessionId, title })}`);
      output.print(`  ${formatShare(confidence)} sure, ${tier === 1 ? "recorded" : "inferred"}`);
      for (const line of evidenceLines(evidence)) output.print(line);
    }
    for (const one of considered) {
      output.print("");
      output.print(
        `Not linked with ${named(one)}: ${explainReason(one, one.by?.sessionId ?? null)}`,
      );
      for (const line of evidenceLines(one.evidence)) output.print(line);
    }
    return linked.length + considered.length === 0 && session !== "" ? EXIT.failed : EXIT.ok;
  },
};

/** Finds the commit that is meant, and the line where one is named. */
async function commitNamed(
  context: ReadingContext,
  word: string,
): Promise<{ found: CommitDetail; line: BlamedLine | null }> {
  if (/^[0-9a-f]{4,64}$/i.test(word)) {
    const found = await commitOf(context, word).catch((error) => error as Error);
    if (!(found instanceof CommandFailure)) {
      if (found instanceof Error) throw found;
      return { found, line: null };
    }
    // It may be a branch's name all the same.
    const here = await repositoryHere(context).catch(() => null);
    const hash = here && await commitHere(context, here, word).catch(() => null);
    if (here === null || hash === null) throw found;
    return { found: await commitOf(context, hash, here.id), line: null };
  }
  const here = await repositoryHere(context);
  if (/:\d+$/.test(word)) {
    const wanted = { ...parseLines(word), revision: "HEAD" };
    const { lines: [line] } = await blameLines(context, here, wanted);
    if (line === undefined) throw new UsageError(`${word} names no line.`);
    return { found: await commitOf(context, line.group.hash, here.id), line };
  }
  const hash = await commitHere(context, here, word);
  return { found: await commitOf(context, hash, here.id), line: null };
}

async function commitOf(
  context: QueryContext,
  hash: string,
  repository?: RepositoryId,
): Promise<CommitDetail> {
  try {
    return await commit.run(context, { hash, repository });
  } catch (error) {
    if (error instanceof AmbiguousCommit) {
      const candidates = error.candidates.map((it) => `${it.hash.slice(0, 12)} ${it.subject}`);
      throw new UsageError(
        `${hash} is the start of several hashes: ${candidates.slice(0, 5).join("; ")}`,
      );
    }
    if (!(error instanceof QueryError)) throw error;
    throw new CommandFailure(
      `No commit ${hash} is known. Was it made since the last sync? Run ascribe sync.`,
    );
  }
}

/** What the evidence of each rule comes to, behind a session that did it. */
const DEEDS: Record<Rule, string> = {
  commit_output: "it printed the commit",
  trailer: "the commit names it",
  commit_command: "it ran git commit with this subject",
  commit_skill: "it called its commit skill just before",
  notes: "a note on the commit names it",
  conflict_resolution: "it resolved the conflicts in these files",
  content: "it wrote the same lines",
  files: "it had edited the same files",
  during_session: "it was at work at that time",
};

function headline(
  found: CommitDetail,
  agents: ReadonlyMap<SessionId, AgentId>,
  wanted: string,
): string {
  const sessions = found.sessions.filter(({ sessionId }) => sessionId.startsWith(wanted));
  const [session] = sessions;
  if (session === undefined) return nothingText(found, wanted);
  const [strongest] = [...session.evidence].sort((a, b) => strengthOf(b) - strengthOf(a));
  const agent = agentTitle(agents.get(session.sessionId));
  const others = sessions.length === 1
    ? ""
    : `, with ${formatCounted(sessions.length - 1, "other")}`;
  return `Made by ${agent === null ? "" : `${agent} `}session ${session.sessionId}, ${
    formatShare(session.confidence)
  }${strongest === undefined ? "" : `: ${DEEDS[strongest.rule]}`}${others}`;
}

function strengthOf({ rule, strength }: Evidence): number {
  return typeof strength === "number" ? strength : 1 - RULES.indexOf(rule) / RULES.length;
}

function lineHeadline({ line, session, prompt, agent }: BlamedLine): string {
  if (session === null) {
    return `Line ${line} came with this commit, and no session is known for it.`;
  }
  const who = `${agent === null ? "" : `${agent} `}session ${session.sessionId}`;
  if (prompt === null) return `Line ${line} came with a commit of ${who}`;
  return `Line ${line} was written by ${who}, asked: ${
    fit(maskSecrets(firstLine(prompt.text)), 100)
  }`;
}

function evidenceLines(evidence: Evidence[]): string[] {
  return evidence.map((one) =>
    `  ${RULE_NAMES[one.rule]}: ${evidenceSentence(one)} ${explainWeight(one)}`.trimEnd()
  );
}

function nothingText({ elsewhere }: CommitDetail, session: string): string {
  if (session !== "") return `No evidence for session ${session}.`;
  return elsewhere
    ? "Made by another author; no evidence for a session."
    : "No evidence for any session: made by hand, or its session left nothing on disk.";
}

function named({ sessionId, title }: Pick<ConsideredSession, "sessionId" | "title">): string {
  if (title === null) return sessionId;
  return `${sessionId} (${maskSecrets(title.split("\n")[0]).slice(0, 60)})`;
}
