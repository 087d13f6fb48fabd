import type { RepoOutcome } from "../../domain/sync_model.ts";

/** Where a repository stands in a run. */
export type RepositoryState = "queued" | "scanning" | RepoOutcome;

/** A repository's way through a run. */
export interface RepositoryStep {
  /** The repository's folder. */
  repo: string;
  state: RepositoryState;
  /** Why it failed, with what to do; else null. */
  message: string | null;
}

/** Where each repository stands in the newest run. */
export class RepositorySteps {
  #runId = 0;
  #steps = new Map<string, RepositoryStep>();

  /** The run that is reported; 0 before the first. */
  get runId(): number {
    return this.#runId;
  }

  /** In the order in which they are scanned. */
  get list(): RepositoryStep[] {
    return [...this.#steps.values()];
  }

  /** Forgets the run before. */
  begin(runId: number): void {
    this.#runId = runId;
    this.#steps.clear();
  }

  /** Takes what the run says of repositories; of another run than the newest, nothing. */
  note(runId: number, steps: readonly RepositoryStep[]): void {
    if (runId !== this.#runId) return;
    for (const step of steps) this.#steps.set(step.repo, step);
  }
}
