import type { CommitFacts } from "../domain/link_facts.ts";
import type { CopyReason, Evidence, Reason } from "../domain/links.ts";
import { formatCounted, formatShare } from "../text/format.ts";
import { isRevert } from "./copies.ts";
import { THRESHOLD } from "./score.ts";

/** How many copies of a commit are named in sentences. */
const MOST_COPIES = 3;

/** Writes a time, Unix milliseconds, for a reader. */
export type WriteTime = (at: number) => string;

/** Says in one sentence what a piece of evidence saw. */
export function explainEvidence(evidence: Evidence, writeTime: WriteTime): string {
  const sentence = sentenceOf(evidence, writeTime);
  return typeof evidence.copy === "string"
    ? `Of commit ${evidence.copy.slice(0, 10)}, of which this one is a copy: ${sentence}`
    : typeof evidence.squash === "string"
    ? `Of commit ${evidence.squash.slice(0, 10)}, which this one holds: ${sentence}`
    : sentence;
}

function sentenceOf(evidence: Evidence, writeTime: WriteTime): string {
  const when = (fact: Evidence[string] | undefined) =>
    typeof fact === "number" ? ` at ${writeTime(fact)}` : "";
  switch (evidence.rule) {
    case "commit_output":
      return outputSentence(evidence, when(evidence.at));
    case "trailer":
      return `The commit's message names the session: ${text(evidence.trailer)}: ${
        text(evidence.value)
      }.`;
    case "commit_command":
      return commandSentence(evidence, when(evidence.at));
    case "commit_skill":
      return `The session called the skill ${text(evidence.skill)}${
        when(evidence.at)
      }, and the commit was made ${distance(evidence.afterSecs)}.`;
    case "conflict_resolution":
      return conflictSentence(evidence, when(evidence.at));
    case "content":
      return contentSentence(evidence);
    case "notes":
      return notesSentence(evidence);
    case "files":
      return filesSentence(evidence, when(evidence.lastAt));
    case "during_session":
      return typeof evidence.from === "number" && typeof evidence.to === "number"
        ? `The commit was made while the session was at work, from ${writeTime(evidence.from)} to ${
          writeTime(evidence.to)
        }.`
        : "The commit was made while the session was at work.";
    default:
      return evidence.rule satisfies never;
  }
}

/** Says what a piece of evidence weighed, or "" where that was not kept. */
export function explainWeight({ strength }: Evidence): string {
  if (typeof strength !== "number") return "";
  if (strength <= 0) return "By itself this says nothing.";
  return `By itself this makes the link ${formatShare(strength)} likely.`;
}

/**
 * Says why a session with some evidence was not linked.
 *
 * @param by What to call the session that outweighed it.
 */
export function explainReason(
  { reason, confidence }: { reason: Reason; confidence: number },
  by: string | null,
): string {
  const likely = `${formatShare(confidence)} likely; a link needs ${formatShare(THRESHOLD)}`;
  switch (reason) {
    case "outweighed":
      return `The evidence for ${
        by ?? "another session"
      } explains the commit. What is left: ${likely}.`;
    case "timeOnly":
      return `It was at work at that time, and nothing else connects them: ${likely}.`;
    case "otherPerson":
      return `The commit's author makes no commits here or in this session, and the only evidence is time and files: ${likely}.`;
    case "onTheWeb":
      return `The commit was made on the web, outside any checkout, and the only evidence is time and files: ${likely}.`;
    case "tooLittle":
      return `${likely[0].toUpperCase()}${likely.slice(1)}.`;
    default:
      return reason satisfies never;
  }
}

/** Says what about the commit itself changed how it was judged. */
export function explainCommit(
  { subject, trailers, parents, elsewhere, copies }:
    & Pick<CommitFacts, "subject" | "trailers">
    & {
      parents: readonly unknown[];
      elsewhere: boolean;
      copies: readonly { hash: string; reason: CopyReason }[];
    },
): string[] {
  const notes: string[] = [];
  if (parents.length > 1) {
    notes.push("It is a merge: only lines that none of its parents has count as its own.");
  }
  if (isRevert({ subject, trailers })) {
    notes.push(
      "It undoes another commit: whoever wrote its lines before gets nothing for their coming back.",
    );
  }
  if (elsewhere) {
    notes.push(
      "Its author does not work here, by the repository's user.email and by the commits that sessions made.",
    );
  }
  for (const { hash, reason } of copies.slice(0, MOST_COPIES)) {
    notes.push(
      `It is the same change as ${hash.slice(0, 10)}: ${
        explainCopy(reason)
      }. Evidence for the one made first is evidence for the other.`,
    );
  }
  if (copies.length > MOST_COPIES) {
    notes.push(`${formatCounted(copies.length - MOST_COPIES, "more commit")} of the same change.`);
  }
  return notes;
}

/** Says why two commits are taken for copies of one change. */
export function explainCopy(reason: CopyReason): string {
  switch (reason) {
    case "sameAuthorship":
      return "same author, author time and subject";
    case "sameChange":
      return "the same lines of the same files";
    case "sameThird":
      return "both are copies of a third commit";
    default:
      return reason satisfies never;
  }
}

function outputSentence(evidence: Evidence, when: string): string {
  const hash = text(evidence.hash);
  if (evidence.through === "listedSubject") {
    return `A tool of the session reported making commit ${hash}${when}. That hash is gone; this commit's message lists its subject.`;
  }
  if (evidence.through === "authorTimeAndSubject") {
    return `A tool of the session reported making commit ${hash}${when}. That hash is gone; this commit has its subject and its author time.`;
  }
  return evidence.rebased === true
    ? `A rebase that the session ran${when} made this commit again as ${hash}; that writes nothing by itself.`
    : `A tool of the session reported making commit ${hash}${when}.`;
}

function conflictSentence({ files, fileCount, afterSecs }: Evidence, when: string): string {
  return `The session resolved conflicts in ${
    fileList(files, fileCount)
  }${when}, and this commit concluded the merge or rebase ${distance(afterSecs)}.`;
}

function commandSentence(evidence: Evidence, when: string): string {
  const later = typeof evidence.afterSecs === "number"
    ? `, and the commit was made ${distance(evidence.afterSecs)}`
    : ", and the commit followed";
  const failed = endSentence(evidence);
  if (typeof evidence.command === "string" && evidence.command !== "commit") {
    return `The session ran git ${evidence.command}${when}${later}.${failed}`;
  }
  const message = evidence.subject === null
    ? "with a message that the command does not tell"
    : evidence.listed === true
    ? "with a subject that this commit's message lists"
    : "with this subject";
  return `The session ran git commit ${message}${when}${later}.${failed}`;
}

function endSentence({ failed, ended }: Evidence): string {
  if (ended === "interrupted") return " The command was interrupted.";
  if (ended === "unknown") return " Whether the command ran is not recorded.";
  return failed === true ? " The command failed." : "";
}

function contentSentence({ lines, of, share, files, fileCount }: Evidence): string {
  const count = typeof lines === "number" ? formatCounted(lines, "line") : "Lines";
  const part = typeof share === "number" && typeof of === "number" && of > 0
    ? ` (${formatShare(share)} of the distinctive lines)`
    : "";
  return `${count} of the commit${part} were written by the session earlier, in ${
    fileList(files, fileCount)
  }.`;
}

function notesSentence({ ref, tool, lines, files, fileCount, bySession }: Evidence): string {
  const who = bySession === true
    ? "this session"
    : `${text(tool) || "a tool"}, of which this is the session at work,`;
  const what = typeof lines === "number" && lines > 0
    ? `${formatCounted(lines, "line")}`
    : "a part";
  const where = Array.isArray(files) && files.length > 0 ? ` in ${fileList(files, fileCount)}` : "";
  const by = bySession === true && text(tool) !== "" ? ` (${text(tool)})` : "";
  return `A note on the commit (${text(ref)}) says that ${who}${by} wrote ${what} of it${where}.`;
}

function filesSentence(
  { files, fileCount, of, waiting, replacedLines, beside, confirmed }: Evidence,
  when: string,
): string {
  const all = typeof of !== "number"
    ? ""
    : of === 1
    ? ", the commit's only file"
    : `, ${fileCount} of the commit's ${formatCounted(of, "file")}`;
  const left = waiting === 0
    ? "; another commit touched them in between"
    : typeof waiting === "number"
    ? "; no other commit had touched them since"
    : "";
  const near = [
    ...typeof replacedLines === "number" && replacedLines > 0
      ? [`removes or changes ${formatCounted(replacedLines, "line")}`]
      : [],
    ...typeof beside === "number" && beside > 0
      ? [`is next to ${formatCounted(beside, "line")}`]
      : [],
  ].join(" and ");
  return `The session had edited ${fileList(files, fileCount)}${all}, last${when}${left}.` +
    (near === "" ? "" : ` The change ${near} the session wrote.`) +
    (confirmed === true ? " Lines that it wrote last are in the commit." : "");
}

function fileList(
  files: Evidence[string] | undefined,
  count: Evidence[string] | undefined,
): string {
  if (!Array.isArray(files) || files.length === 0) return "its files";
  const shown = files.slice(0, 3);
  const more = (typeof count === "number" ? count : files.length) - shown.length;
  return shown.join(", ") + (more > 0 ? ` and ${formatCounted(more, "more file")}` : "");
}

function distance(seconds: Evidence[string] | undefined): string {
  if (typeof seconds !== "number") return "then";
  const size = Math.abs(seconds);
  const words = size < 120
    ? formatCounted(size, "second")
    : size < 7_200
    ? formatCounted(Math.round(size / 60), "minute")
    : formatCounted(Math.round(size / 3_600), "hour");
  return seconds < 0 ? `${words} before` : `${words} later`;
}

function text(fact: Evidence[string] | undefined): string {
  return typeof fact === "string" ? fact.slice(0, 120) : "";
}
