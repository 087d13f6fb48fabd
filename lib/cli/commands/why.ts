import type { Evidence } from "../../domain/links.ts";
import { explainCommit, explainReason, explainWeight } from "../../links/explain.ts";
import { AmbiguousCommit, commit } from "../../queries/commits.ts";
import { type QueryContext, QueryError } from "../../queries/query.ts";
import { evidenceSentence } from "../../queries/evidence.ts";
import { maskSecrets } from "../../secrets/secrets.ts";
import type { CommitDetail, ConsideredSession } from "../../store/shapes.ts";
import { type Command, CommandFailure, EXIT, UsageError } from "../command.ts";
import { openReading } from "../reading.ts";

/** `ascribe why` */
export const why: Command = {
  name: "why",
  summary: "Say why a commit is linked with its sessions, and why not with others",
  usage: "why COMMIT [SESSION] [--json]",
  details:
    "Shows the evidence for each session that a commit is linked with, and what spoke for those\n" +
    "that it is not linked with. COMMIT is a hash or the start of one, SESSION an id or its start.",
  flags: { json: { type: "boolean", help: "print one JSON object" } },
  words: { min: 1, max: 2 },
  async run({ rest: [hash, session = ""], flags, config, output }) {
    if (!/^[0-9a-f]{4,64}$/i.test(hash)) {
      throw new UsageError(`${quoted(hash)} is no commit's hash: give four digits of it at least`);
    }
    using context = openReading(config);
    const found = await commitOf(context, hash);
    const about = <Item extends { sessionId: string }>(items: Item[]) =>
      items.filter(({ sessionId }) => sessionId.startsWith(session));
    const linked = about(found.sessions);
    const considered = about(found.considered);
    if (flags.on("json")) {
      const { hash, subject, repository } = found;
      output.print(
        JSON.stringify({ commit: hash, subject, repository: repository.path, linked, considered }),
      );
      return EXIT.ok;
    }
    output.print(`${found.hash} ${maskSecrets(found.subject)}`);
    output.print(`${found.authorName}, ${found.authoredAt}, ${found.repository.path}`);
    for (const note of explainCommit(found)) output.print(note);
    for (const { sessionId, title, confidence, tier, evidence } of linked) {
      output.print("");
      output.print(`Linked with ${named({ sessionId, title })}`);
      output.print(`  confidence ${confidence.toFixed(2)}, tier ${tier}`);
      for (const line of evidenceLines(evidence)) output.print(line);
    }
    for (const one of considered) {
      output.print("");
      output.print(
        `Not linked with ${named(one)}: ${explainReason(one, one.by?.sessionId ?? null)}`,
      );
      for (const line of evidenceLines(one.evidence)) output.print(line);
    }
    if (linked.length + considered.length === 0) {
      output.print("");
      output.print(nothingText(found, session));
    }
    return EXIT.ok;
  },
};

async function commitOf(context: QueryContext, hash: string): Promise<CommitDetail> {
  try {
    return await commit.run(context, { hash });
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

function quoted(word: string): string {
  return JSON.stringify(word.length > 80 ? `${word.slice(0, 80)}…` : word);
}

function evidenceLines(evidence: Evidence[]): string[] {
  return evidence.map((one) =>
    `  ${one.rule}: ${evidenceSentence(one)} ${explainWeight(one)}`.trimEnd()
  );
}

function nothingText({ elsewhere }: CommitDetail, session: string): string {
  if (session !== "") return `No evidence for session ${session}.`;
  return elsewhere
    ? "It is the work of somebody who does not work here, and nothing speaks for a session."
    : "No evidence for any session: made by hand, or its session left nothing on disk.";
}

function named({ sessionId, title }: Pick<ConsideredSession, "sessionId" | "title">): string {
  if (title === null) return sessionId;
  return `${sessionId} (${maskSecrets(title.split("\n")[0]).slice(0, 60)})`;
}
