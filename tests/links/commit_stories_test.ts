import { describe } from "@std/testing/bdd";
import { story } from "./support/story.ts";

describe("commits that sessions make", () => {
  story(
    "a commit that the session's output shows",
    `
    session A edits a.ts
    session A commits all as "add a"
    "add a" is by A
  `,
  );

  story(
    "a commit that only gitOperation tells",
    `
    session A talks
    hand edits a.ts
    session A commits all as "add a" with gitOperation
    "add a" is by A
  `,
  );

  story(
    "a quiet commit, by its message",
    `
    hand edits a.ts
    session A commits all as "add the first of the files" quietly
    "add the first of the files" is by A
  `,
  );

  story(
    "a quiet commit whose message is a heredoc in a substitution",
    `
    hand edits a.ts
    session A commits all as "it's a heredoc" with a heredoc
    "it's a heredoc" is by A
  `,
  );

  story(
    "a quiet commit whose message is in a file that the command wrote",
    `
    hand edits a.ts
    session A commits all as "from a file" with a message file
    "from a file" is by A
  `,
  );

  story(
    "a quiet commit with several -m",
    `
    hand edits a.ts
    session A commits all as "two messages" with two messages
    "two messages" is by A
  `,
  );

  story(
    "a quiet commit whose message bash has to unquote",
    `
    hand edits a.ts
    session A commits all as "don't "quote" me" with a subject that bash quotes
    "don't "quote" me" is by A
  `,
  );

  story(
    "a commit whose command then failed to push",
    `
    hand edits a.ts
    session A commits all as "not pushed" with a trailing push that fails
    "not pushed" is by A
  `,
  );

  story(
    "a first commit, which has no parent",
    `
    repository app
    session A edits a.ts
    session A commits all as "one more"
    "one more" is by A
  `,
  );

  story(
    "a commit without a known message, made of the session's own lines",
    `
    session A edits a.ts
    session A commits all as "typed in an editor" with an editor
    "typed in an editor" is by A
  `,
  );

  story(
    "a commit that a skill was called for",
    `
    hand edits a.ts
    session A invokes commit-commands:commit
    hand commits all as "by skill"
    "by skill" is by A
  `,
  );

  story(
    "a commit that a slash command was typed for",
    `
    hand edits a.ts
    session A is asked for /commit
    hand commits all as "by slash"
    "by slash" is by A
  `,
  );

  story(
    "a skill that does not commit proves nothing",
    `
    hand edits a.ts
    session A invokes committee-minutes
    hand commits all as "no skill"
    "no skill" is by nobody
  `,
  );

  story(
    "a skill speaks for no other commit than the one it was seen to make",
    `
    session A edits a.ts
    session A invokes commit
    session A commits all as "by the skill"
    hand edits b.ts
    hand commits all as "by hand at once"
    "by the skill" is by A
    "by hand at once" is by nobody
  `,
  );

  story(
    "a skill called long before proves nothing",
    `
    hand edits a.ts
    session A invokes commit
    20 minutes later
    hand commits all as "later"
    "later" is by nobody
  `,
  );

  story(
    "a merge that the session made",
    `
    hand switches to new branch topic
    hand edits t.ts
    hand commits all as "topic"
    hand switches to main
    session A merges topic
    "Merge branch 'topic'" is by A
    "topic" is by nobody
  `,
  );

  story(
    "a revert that the session made",
    `
    hand edits a.ts
    hand commits all as "wrong"
    session A reverts the last commit
    "Revert "wrong"" is by A
    "wrong" is by nobody
  `,
  );

  story(
    "a cherry-pick that the session made",
    `
    hand switches to new branch topic
    hand edits t.ts
    hand commits all as "picked"
    hand switches to main
    hand edits m.ts
    hand commits all as "main goes on"
    session A cherry-picks "picked"
    the last "picked" is by A
    the first "picked" is by nobody
    "main goes on" is by nobody
  `,
  );

  story(
    "a commit that a trailer names by way of the bridge",
    `
    session A is bridged as cse_01AbCdEf
    session A talks
    2 hours later
    hand edits a.ts
    hand commits all as "bridged" saying "Claude-Session: https://claude.ai/code/session_01AbCdEf"
    "bridged" is by A
  `,
  );

  story(
    "a trailer in the middle of a message, among others",
    `
    session A is bridged as cse_01AbCdEf
    session B is bridged as cse_02GhIjKl
    3 hours later
    hand edits a.ts
    hand commits all as "squashed" saying "* one\\n\\nClaude-Session: https://claude.ai/code/session_01AbCdEf\\n\\n* two\\n\\nClaude-Session: https://claude.ai/code/session_02GhIjKl\\n\\nCo-authored-by: Tess <tess@there.example>"
    "squashed" is by A and B
  `,
  );

  story(
    "a commit whose checkpoint names the session",
    `
    session A talks
    2 hours later
    checkpoint 0123456789ab names session A
    hand edits a.ts
    hand commits all as "checked" saying "Entire-Checkpoint: 0123456789ab"
    "checked" is by A
    "Checkpoint: 0123456789ab" is not scanned
  `,
  );

  story(
    "a commit that a note names the session of",
    `
    session A talks
    2 hours later
    hand edits a.ts
    hand commits all as "noted"
    the commit is noted with session A
    "noted" is by A
  `,
  );

  story(
    "a trailer that names no session known here",
    `
    session A is bridged as cse_01AbCdEf
    2 hours later
    hand edits a.ts
    hand commits all as "foreign" saying "Claude-Session: https://claude.ai/code/session_09Zz"
    "foreign" is by nobody
  `,
  );
});
