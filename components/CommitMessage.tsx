import type { CommitMessage as Message } from "../lib/git/questions.ts";
import { Secrets } from "./Secrets.tsx";

/** Props of {@linkcode CommitMessage}. */
export interface CommitMessageProps {
  message: Message;
}

/** What a commit's message says below its subject, in the lines in which it was written. */
export function CommitMessage({ message: { body, cut } }: CommitMessageProps) {
  return (
    <div class="commit-message">
      <div class="prompt" tabIndex={0} role="group" aria-label="Message">
        <Secrets text={body} />
      </div>
      {cut && (
        <p class="note">
          The message goes on: <code>git show</code> has all of it.
        </p>
      )}
    </div>
  );
}
