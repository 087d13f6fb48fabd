import type { CommitFacts } from "./facts.ts";

/** Tells whether a commit undoes another one: its lines were written by whoever wrote them before. */
export function isRevert(
  { subject, trailers }: Pick<CommitFacts, "subject" | "trailers">,
): boolean {
  // A squashed pull request may hold reverts among other things.
  return /^revert(?:s|ed)?\b\s*(?:["“(:]|commit\b|[0-9a-f]{7})/i.test(subject) ||
    (trailers.some(({ key }) => key === "Reverts") && !SQUASHED.test(subject));
}

const SQUASHED = / \(#\d+\)$/;

/** A subject as it is compared: white space once, and no ` (#12)` that a merge on GitHub adds. */
export function plainSubject(subject: string): string {
  return subject.replace(/\s+/g, " ").trim().replace(/ \(#\d+\)$/, "");
}
