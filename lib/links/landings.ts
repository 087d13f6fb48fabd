import type { LinkContext } from "./context.ts";
import { firstAfter } from "./time_index.ts";

/** When each file was committed by somebody who works here, in the order of time. */
export class Landings {
  readonly #context: LinkContext;
  readonly #byPath = new Map<string, { at: number; commit: number }[]>();

  constructor(context: LinkContext) {
    this.#context = context;
    context.facts.commits.forEach((facts, commit) => {
      if (facts.parents.length > 1 || context.identity.made(facts) === false) return;
      for (const path of context.paths(commit) ?? []) {
        const landing = { at: facts.authorAt, commit };
        const known = this.#byPath.get(path);
        if (known === undefined) this.#byPath.set(path, [landing]);
        else known.push(landing);
      }
    });
    for (const landings of this.#byPath.values()) landings.sort((a, b) => a.at - b.at);
  }

  /** Tells whether another change than the commit's was made to the file between two times. */
  between(
    path: string,
    { from, to, commit }: { from: number; to: number; commit: number },
  ): boolean {
    const landings = this.#byPath.get(path) ?? [];
    let copies: number[] | null = null;
    for (let i = firstAfter(landings, from + 1); i < landings.length && landings[i].at < to; i++) {
      if (landings[i].commit === commit) continue;
      copies ??= this.#context.copies.of(commit);
      if (!copies.includes(landings[i].commit)) return true;
    }
    return false;
  }
}
