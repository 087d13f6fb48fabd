import { maskSecrets } from "../lib/secrets/secrets.ts";
import { Explained } from "./Explained.tsx";

/** How many digits of a hash are shown. */
const SHOWN = 8;

export interface HashProps {
  hash: string;
  /** Its commit's page, which has all of it; without one it says itself what there is to know. */
  href?: string;
  /** What is known of a commit without a page. */
  about?: string;
}

/** A commit's hash, cut to what the eye can compare. */
export function Hash({ hash, href, about }: HashProps) {
  const shown = hash.slice(0, SHOWN);
  if (href === undefined) {
    return (
      <Explained says={about === undefined ? hash : `${about} (${hash})`}>
        <code class="hash">{shown}</code>
      </Explained>
    );
  }
  return <a class="hash" href={href} title={hash}>{shown}</a>;
}

/** The address of a commit's page. Two repositories may hold the same commit. */
export function commitHref(commit: { hash: string; repositoryId: string }): string {
  return `/commits/${commit.hash}?repository=${commit.repositoryId}`;
}

/** What a commit is called on pages: its subject, without what looks like a secret. */
export function commitTitle(subject: string): string {
  return maskSecrets(subject) || "Commit without a subject";
}
