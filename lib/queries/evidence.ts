import { type DateFormat, dateFormat } from "../time/dates.ts";
import { explainEvidence } from "../links/explain.ts";
import type { Evidence, Rule } from "../domain/links.ts";
import { maskSecrets } from "../secrets/secrets.ts";

/** What each rule is called on pages. */
export const RULE_NAMES: Record<Rule, string> = {
  commit_output: "Printed by the session",
  trailer: "Named in the commit",
  commit_command: "Session ran the commit",
  commit_skill: "Commit skill",
  conflict_resolution: "Conflict resolved",
  content: "Same lines",
  notes: "Noted on the commit",
  files: "Same files",
  during_session: "Same time",
};

/** What each rule looks for. */
export const RULE_MEANINGS: Record<Rule, string> = {
  commit_output: "A tool's result in the session shows the commit being made, in this repository.",
  trailer: "The commit's message names the session.",
  commit_command: "The session ran git commit with this subject, and the commit followed.",
  commit_skill:
    "A commit skill was called at most five minutes before the commit, or one minute after it.",
  conflict_resolution:
    "The session resolved a conflict in a file, and the next commit of that file concludes a merge or a rebase.",
  content: "Lines that the commit adds were written by the session, in the same file, before it.",
  notes:
    "A note that a recorder left on the commit names the session, or the tool it was made with.",
  files:
    "The commit touches files that the session edited in an activity that ended at most half an hour before.",
  during_session: "The commit was made while the session was at work in this repository.",
};

/**
 * Says in one sentence what a piece of evidence saw.
 *
 * @param dates How times are written. @default As this machine writes them
 */
export function evidenceSentence(evidence: Evidence, dates: DateFormat = dateFormat()): string {
  return maskSecrets(explainEvidence(evidence, dates.minute));
}
