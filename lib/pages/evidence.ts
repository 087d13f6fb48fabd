import { localDates } from "../client/dates.ts";
import { formatCounted, formatDuration, formatShare } from "../client/format.ts";
import type { Evidence, Rule } from "../links/link.ts";

/** What each rule is called on pages. */
export const RULE_NAMES: Record<Rule, string> = {
  commit_output: "Printed by the session",
  trailer: "Named in the commit",
  commit_command: "Session ran the commit",
  commit_skill: "Commit skill",
  content: "Same lines",
  files: "Same files",
  during_session: "Same time",
};

/** What each rule looks for. */
export const RULE_MEANINGS: Record<Rule, string> = {
  commit_output: "A tool's result in the session shows the commit being made, in this repository.",
  trailer: "The commit's message or a note on it names the session.",
  commit_command: "The session ran git commit with this subject, and the commit followed.",
  commit_skill:
    "A commit skill was called at most five minutes before the commit, or one minute after it.",
  content: "Lines that the commit adds were written by the session, in the same file, before it.",
  files:
    "The commit touches files that the session edited in an activity that ended at most half an hour before.",
  during_session: "The commit was made while the session was at work in this repository.",
};

/** Says in one sentence what a piece of evidence saw. */
export function evidenceSentence(evidence: Evidence): string {
  switch (evidence.rule) {
    case "commit_output":
      return `A tool of the session reported making commit ${text(evidence.hash)}${
        at(evidence.at)
      }.`;
    case "trailer":
      return `The commit's message names the session${quoted(evidence.value ?? evidence.key)}.`;
    case "commit_command":
      return `The session ran git commit with this subject${
        at(evidence.at)
      }, and the commit followed.`;
    case "commit_skill":
      return `The session called the skill ${text(evidence.skill)}${at(evidence.at)}${
        after(evidence.afterSecs)
      }.`;
    case "content":
      return linesSentence(evidence);
    case "files":
      return filesSentence(evidence);
    case "during_session":
      return `The commit was made while the session was at work${between(evidence)}.`;
    default:
      return evidence.rule satisfies never;
  }
}

type Fact = Evidence[string] | undefined;

function linesSentence(evidence: Evidence): string {
  const { lines, share } = evidence;
  const count = typeof lines === "number"
    ? `${formatCounted(lines, "line")} of the commit`
    : "Lines of the commit";
  const part = typeof share === "number" ? ` (${formatShare(share)})` : "";
  return `${count}${part} were written by the session's edits of the same files before it.`;
}

function filesSentence(evidence: Evidence): string {
  const { files } = evidence;
  const which = Array.isArray(files) ? `: ${files.slice(0, 5).join(", ")}` : "";
  return `The commit touches files that the session had edited shortly before${which}.`;
}

function text(fact: Fact): string {
  return typeof fact === "string" ? fact.slice(0, 80) : "";
}

function quoted(fact: Fact): string {
  return typeof fact === "string" ? ` (${fact.slice(0, 120)})` : "";
}

function at(fact: Fact): string {
  return typeof fact === "number" ? ` at ${localDates.minute(fact)}` : "";
}

function after(fact: Fact): string {
  if (typeof fact !== "number") return "";
  return fact < 0
    ? `, ${formatDuration(-fact * 1_000)} after the commit`
    : `, and the commit came ${formatDuration(fact * 1_000)} later`;
}

function between({ from, to }: Evidence): string {
  if (typeof from !== "number" || typeof to !== "number") return "";
  return `, from ${localDates.minute(from)} to ${localDates.minute(to)}`;
}
