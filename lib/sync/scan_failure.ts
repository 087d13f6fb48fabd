import { explainFailure, type ScanFailure } from "../git/failure.ts";
import type { GitFailure } from "../git/runner.ts";

/** Ends the scan of one repository with a reason that the user gets to read. */
export class Failed extends Error {
  readonly failure: ScanFailure;

  constructor(failure: ScanFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/**
 * What git answered about the repository at `path`.
 *
 * @throws {Failed} If git could not do what was asked of it.
 * @throws {DOMException} If it was aborted.
 * @throws {Error} If there is no git to ask.
 */
export function expectOk<Outcome extends { kind: string }>(
  outcome: Outcome | GitFailure,
  { path, signal }: { path: string; signal?: AbortSignal },
): Exclude<Outcome, GitFailure> {
  if (outcome.kind === "ok") return outcome as Exclude<Outcome, GitFailure>;
  const failure = outcome as GitFailure;
  if (failure.kind === "gitMissing") throw new Error(failure.message);
  if (failure.kind === "aborted") {
    throw signal?.reason ?? new DOMException("Aborted", "AbortError");
  }
  throw new Failed(explainFailure(failure, path));
}
