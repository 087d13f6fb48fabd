import { describe } from "@std/testing/bdd";
import { story } from "./support/story.ts";

describe("history that is rewritten", () => {
  story(
    "an amend by hand: both the old and the new commit",
    `
    session A edits a.ts
    session A commits all as "amended later"
    hand edits a.ts
    hand amends
    "amended later" is by A
  `,
  );

  story(
    "an amend that gives another message",
    `
    session A edits a.ts
    session A commits all as "old words"
    hand amends as "new words"
    "old words" is by A
    "new words" is by A
  `,
  );

  story(
    "an amend by the session",
    `
    session A edits a.ts
    session A commits all as "first try"
    session A edits a.ts
    session A amends
    "first try" is by A
  `,
  );

  story(
    "an amend that takes a new author time",
    `
    session A edits a.ts
    session A commits all as "author time goes"
    2 hours later
    hand amends with a new author time
    "author time goes" is by A
  `,
  );

  story(
    "a rebase: the printed hash leads to its successor",
    `
    hand switches to new branch topic
    session A talks
    hand edits a.ts
    session A commits all as "rebased work"
    hand switches to main
    hand edits m.ts
    hand commits all as "main goes on"
    hand switches to topic
    hand rebases onto main
    "rebased work" is by A
    "main goes on" is by nobody
  `,
  );

  story(
    "a rebase after which git forgot the old hash",
    `
    hand switches to new branch topic
    session A talks
    hand edits a.ts
    session A commits all as "rebased and forgotten"
    hand switches to main
    hand edits m.ts
    hand commits all as "main goes on"
    hand switches to topic
    hand rebases onto main
    hand forgets what no branch holds
    "rebased and forgotten" is by A
  `,
  );

  story(
    "a rebase by a session makes another one's commits again and writes none",
    `
    hand switches to new branch topic
    session A edits a.ts
    session A commits all as "work of a"
    hand switches to main
    hand edits m.ts
    hand commits all as "main goes on"
    hand switches to topic
    session B rebases onto main
    session B talks
    "work of a" is by A
  `,
  );

  story(
    "a quiet commit that was rebased",
    `
    hand switches to new branch topic
    hand edits a.ts
    session A commits all as "quiet and rebased" quietly
    hand switches to main
    hand edits m.ts
    hand commits all as "main goes on"
    hand switches to topic
    hand rebases onto main
    hand forgets what no branch holds
    "quiet and rebased" is by A
  `,
  );

  story(
    "a squash merge of one session's branch",
    `
    hand switches to new branch topic
    session A edits a.ts
    session A commits all as "part one"
    session A edits a.ts
    session A commits all as "part two"
    hand switches to main
    1 day later
    hand squashes topic as "the whole feature (#12)"
    hand deletes branch topic
    "the whole feature (#12)" is by A
    "part one" is by A
  `,
  );

  story(
    "a squash merge of two sessions' branch",
    `
    hand switches to new branch topic
    session A edits a.ts
    session A commits all as "part of a"
    session B edits b.ts
    session B commits all as "part of b"
    hand switches to main
    1 day later
    hand squashes topic as "feature of two (#13)"
    hand deletes branch topic
    hand forgets what no branch holds
    "feature of two (#13)" is by A and B
  `,
  );

  story(
    "a cherry-pick by hand",
    `
    hand switches to new branch topic
    session A talks
    hand edits a.ts
    session A commits all as "picked elsewhere"
    hand switches to main
    hand edits m.ts
    hand commits all as "main goes on"
    1 day later
    hand cherry-picks "picked elsewhere"
    "picked elsewhere" is by A
  `,
  );

  story(
    "a filter over all of history",
    `
    session A talks
    hand edits a.ts
    session A commits all as "filtered work"
    1 day later
    hand filters all messages
    hand forgets what no branch holds
    "filtered work" is by A
  `,
  );

  story(
    "a revert of a session's commit by hand is by nobody",
    `
    session A edits a.ts
    session A commits all as "to be undone"
    1 day later
    hand reverts "to be undone"
    "to be undone" is by A
    "Revert "to be undone"" is by nobody
  `,
  );

  story(
    "a revert of the revert is by nobody",
    `
    session A edits a.ts
    session A commits all as "wanted after all"
    1 day later
    hand reverts "wanted after all"
    1 day later
    hand reverts "Revert "wanted after all"" as "bring it back"
    "bring it back" is by nobody
  `,
  );

  story(
    "a conflict that was solved by hand",
    `
    session A talks
    hand edits a.ts with "const start = beginning();"
    hand commits all as "start"
    hand switches to new branch topic
    hand replaces "beginning" by "oneWay" in a.ts
    hand commits all as "one way"
    hand switches to main
    hand replaces "beginning" by "otherWay" in a.ts
    hand commits all as "other way"
    hand merges topic with a conflict and commits it as "merged by hand"
    "merged by hand" is by nobody
  `,
  );

  story(
    "an amended commit keeps its teammate's author",
    `
    teammate commits t.ts as "theirs"
    session A edits a.ts
    session A commits all as "mine"
    "theirs" is by nobody
    "mine" is by A
  `,
  );
});
