import { explainFailure } from "./failure.ts";
import type { GitTrouble } from "./questions.ts";
import type { GitFailure } from "./runner.ts";

/** Says in a sentence why git gave no answer about the repository at `path`. */
export function trouble(outcome: GitFailure, path: string): GitTrouble {
  switch (outcome.kind) {
    case "aborted":
      return { kind: "trouble", code: "unexpected", message: "Reading from git was cancelled." };
    case "gitMissing":
      return { kind: "trouble", code: "unexpected", message: outcome.message };
    case "tooLarge":
      return {
        kind: "trouble",
        code: "tooLarge",
        message: "There is more of it than can be shown.",
      };
    default:
      return { kind: "trouble", ...explainFailure(outcome, path) };
  }
}
