import type { CommitFacts, RepositoryFacts } from "../domain/link_facts.ts";
import type { ContentMatches } from "./lines/match.ts";

/** What is asked of a repository to learn who works in it. */
interface Evidence {
  facts: RepositoryFacts;
  /** The commit's index by its full or abbreviated hash; null where none or several fit. */
  byHash(hash: string): number | null;
  commit(index: number): CommitFacts;
  content(index: number): ContentMatches;
}

/** A commit of which a session wrote so many rare lines was made here. */
const RARE_LINES = 5;
/** The share of a commit's lines that a session must have written for that. */
const SHARE = 0.5;
/** How many commits of one author are looked at for lines that a session wrote. */
const LOOKED_AT = 100;

/** Addresses that forges put in the place of a person's own. */
const NO_REPLY = /@(?:[\w-]+\.)*(?:users\.)?noreply\.[\w.-]+$/;

/** The e-mail addresses of whoever works in a repository on this machine. */
export class Identity {
  readonly #own = new Set<string>();
  /** The names beside those addresses, by which a forge's address is known for the same person's. */
  readonly #names = new Set<string>();

  /**
   * Takes the repository's `user.email`, and the authors of commits that sessions here were seen to make or write, a
   * piece at a time.
   */
  *learn(context: Evidence): Generator<void> {
    const { userEmail, ownAddresses = [], sessions, commits } = context.facts;
    if (userEmail !== null) this.#own.add(userEmail.toLowerCase());
    for (const address of ownAddresses) this.#own.add(address);
    for (const { actions } of sessions) {
      for (const action of actions) {
        const place = action.kind === "commit" ? context.byHash(action.hash) : null;
        if (place !== null) this.#own.add(context.commit(place).authorEmail.toLowerCase());
      }
    }
    const looked = new Map<string, number>();
    for (const [place, { authorEmail, hash }] of commits.entries()) {
      const email = authorEmail.toLowerCase();
      const times = looked.get(email) ?? 0;
      if (this.#own.has(email) || times >= LOOKED_AT || !hasLines(context, hash)) continue;
      yield;
      looked.set(email, times + 1);
      const { matches } = context.content(place);
      if (matches.some(({ weight, share }) => weight >= RARE_LINES && share >= SHARE)) {
        this.#own.add(email);
      }
    }
    for (const commit of commits) {
      if (this.#isOwn(commit)) this.#names.add(commit.authorName.toLowerCase());
    }
  }

  /** Tells whether a commit was made here; null where nothing is known of who works here. */
  made(commit: CommitFacts): boolean | null {
    if (this.#own.size === 0) return null;
    const { authorName, authorEmail, committerEmail } = commit;
    return this.#isOwn(commit) || this.#own.has(committerEmail.toLowerCase()) ||
      (NO_REPLY.test(authorEmail.toLowerCase()) && this.#names.has(authorName.toLowerCase()));
  }

  #isOwn({ authorName, authorEmail }: CommitFacts): boolean {
    const email = authorEmail.toLowerCase();
    return this.#own.has(email) || this.#own.has(`${email}\t${authorName.toLowerCase()}`);
  }
}

function hasLines({ facts }: Evidence, hash: CommitFacts["hash"]): boolean {
  return facts.changeOf(hash)?.files.some(({ added }) => added.length >= RARE_LINES) ?? false;
}
