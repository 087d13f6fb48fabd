import { maskSecrets } from "../secrets.ts";

/** What a commit is called on pages: its subject, without what looks like a secret. */
export function commitTitle(subject: string): string {
  return maskSecrets(subject) || "Commit without a subject";
}
