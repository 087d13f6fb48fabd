import type { LinkContext } from "./context.ts";
import type { CommitFacts } from "./facts.ts";

/** The e-mail addresses of whoever works in a repository on this machine. */
export class Identity {
  readonly #own = new Set<string>();

  /** Takes the repository's `user.email`, and the authors of commits that sessions here were seen to make. */
  constructor(context: LinkContext) {
    const { userEmail, sessions } = context.facts;
    if (userEmail !== null) this.#own.add(userEmail.toLowerCase());
    for (const { acts } of sessions) {
      for (const act of acts) {
        const place = act.kind === "commit" ? context.byHash(act.hash) : null;
        if (place !== null) this.#own.add(context.commit(place).authorEmail.toLowerCase());
      }
    }
  }

  /** Tells whether a commit was made here; null where nothing is known of who works here. */
  made({ authorEmail, committerEmail }: CommitFacts): boolean | null {
    if (this.#own.size === 0) return null;
    return this.#own.has(authorEmail.toLowerCase()) || this.#own.has(committerEmail.toLowerCase());
  }
}
