import { describe } from "@std/testing/bdd";
import { story } from "./support/story.ts";

describe("traps in what transcripts and commits say", () => {
  story(
    "a call that the user rejected",
    `
    hand edits a.ts
    session A wants to commit as "rejected commit of a file" and is refused
    hand commits all as "rejected commit of a file"
    "rejected commit of a file" is by nobody
  `,
  );

  story(
    "an edit that the user rejected",
    `
    session A tries to edit a.ts and is refused
    hand edits a.ts
    hand commits all as "own work"
    "own work" is by nobody
  `,
  );

  story(
    "a file that holds a line like a commit's output",
    `
    hand edits a.ts
    hand commits all as "by hand"
    session A shows the last commit's line
    "by hand" is by nobody
  `,
  );

  story(
    "a fork that copied the messages: the first owner keeps the commit",
    `
    session A edits a.ts
    session A commits all as "before the fork"
    session A forks as B
    session B edits b.ts
    session B commits all as "after the fork"
    "before the fork" is by A
    "after the fork" is by B
  `,
  );

  story(
    "a subagent's edit is its session's",
    `
    session A has a subagent edit a.ts
    40 minutes later
    hand commits all as "delegated"
    "delegated" is by A
  `,
  );

  story(
    "a teammate's commit that was pulled in while a session worked",
    `
    session A edits a.ts
    session A commits all as "mine"
    teammate commits t.ts as "theirs"
    session A talks
    "mine" is by A
    "theirs" is by nobody
    "theirs" is elsewhere
  `,
  );

  story(
    "a teammate's commit to a file that the session edited",
    `
    session A edits a.ts
    session A commits all as "mine"
    teammate commits a.ts as "theirs"
    "theirs" is by nobody
  `,
  );

  story(
    "a session that was called abandoned though it was merged",
    `
    hand switches to new branch topic
    session A edits a.ts
    hand commits all as "on the branch"
    hand switches to main
    3 days later
    hand merges topic
    "on the branch" is by A
    "Merge branch 'topic'" is by nobody
  `,
  );

  story(
    "a session that goes on the next morning",
    `
    session A edits a.ts
    14 hours later
    hand edits b.ts
    hand commits all as "overnight"
    6 hours later
    session A edits c.ts
    session A commits c.ts as "next day"
    "next day" is by A
    "overnight" is by A
  `,
  );

  story(
    "a commit between two activities of a session",
    `
    session A edits a.ts
    session A commits all as "first activity"
    3 hours later
    hand edits b.ts
    hand commits all as "in the pause"
    3 hours later
    session A talks
    "first activity" is by A
    "in the pause" is by nobody
  `,
  );

  story(
    "one object that git lost costs one commit",
    `
    session A edits a.ts
    hand commits all as "before"
    session A edits b.ts
    hand commits all as "lost"
    session A edits c.ts
    hand commits all as "after"
    the blob of b.ts is lost
    "before" is by A
    "after" is by A
  `,
  );

  story(
    "a compaction that wrote old rows again",
    `
    session A edits a.ts
    session A commits all as "before compaction"
    session A is compacted
    session A edits b.ts
    session A commits all as "after compaction"
    "before compaction" is by A
    "after compaction" is by A
  `,
  );

  story(
    "a commit by hand with the words of a session's old commit",
    `
    session A edits a.ts
    session A commits all as "update dependencies to newest"
    20 days later
    hand edits b.ts
    hand commits all as "update dependencies to newest again"
    "update dependencies to newest" is by A
    "update dependencies to newest again" is by nobody
  `,
  );

  story(
    "short subjects name nothing",
    `
    session A edits a.ts
    session A commits all as "wip" quietly
    1 day later
    hand edits b.ts
    hand commits all as "fmt"
    session B runs \`git commit -m "fmt"\` seeing "nothing to commit"
    "wip" is by A
    "fmt" is by nobody
  `,
  );

  story(
    "a session that worked on the file first, and one that finished it",
    `
    session A edits a.ts
    40 minutes later
    session B edits a.ts
    session B commits all as "begun by one, ended by another"
    "begun by one, ended by another" is by A and B
  `,
  );

  story(
    "an edit that another session threw away before the commit",
    `
    hand edits a.ts
    hand commits all as "before"
    session A edits a.ts
    40 minutes later
    session B takes the lines of a.ts away
    session B edits a.ts
    session B commits all as "all new"
    "all new" is by B
  `,
  );

  story(
    "hundreds of files in one commit by hand, one of them the session's",
    `
    session A edits a.ts
    hand writes many files
    2 hours later
    hand commits all as "imported"
    "imported" is by A
  `,
  );
});
