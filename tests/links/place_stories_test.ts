import { describe } from "@std/testing/bdd";
import { story } from "./support/story.ts";

describe("where sessions work", () => {
  story(
    "a subfolder",
    `
    session A edits src/deep/a.ts
    session A stands in app/src/deep
    session A commits all as "from below"
    "from below" is by A
  `,
  );

  story(
    "a worktree beside the repository",
    `
    hand adds worktree app-wt
    session A stands in app-wt
    session A edits a.ts
    hand commits all in app-wt as "in the worktree"
    "in the worktree" is by A
  `,
  );

  story(
    "a worktree that was deleted afterwards",
    `
    hand adds worktree app/.claude/worktrees/wt
    session A stands in app/.claude/worktrees/wt
    session A edits a.ts
    hand commits all in app/.claude/worktrees/wt as "in the lost worktree"
    hand removes worktree app/.claude/worktrees/wt
    "in the lost worktree" is by A
  `,
  );

  story(
    "a worktree that the session made and removed, and whose commits nobody printed",
    `
    hand adds worktree far-away
    session A runs \`git worktree add -b far-away ../far-away main\`
    session A stands in far-away
    session A edits a.ts
    hand commits all in far-away as "in the session's own worktree"
    session A stands in app
    hand removes worktree far-away
    "in the session's own worktree" is by A
  `,
  );

  story(
    "a worktree anywhere that was removed, by what the session printed there",
    `
    hand adds worktree far-away
    session A stands in far-away
    session A edits a.ts
    session A commits all as "printed far away"
    hand removes worktree far-away
    "printed far away" is by A
  `,
  );

  story(
    "two worktrees at once",
    `
    hand adds worktree app/.worktrees/one
    hand adds worktree app/.worktrees/two
    session A stands in app/.worktrees/one
    session B stands in app/.worktrees/two
    session A edits a.ts
    session B edits a.ts
    hand commits all in app/.worktrees/one as "of one"
    hand commits all in app/.worktrees/two as "of two"
    "of one" is by A
    "of two" is by B
  `,
  );

  story(
    "a repository that was moved, once the user says so",
    `
    session A edits a.ts
    session A commits all as "before the move"
    hand moves app to moved
    repository other
    session B stands in moved
    the user says that app is now moved
    "before the move" is by A
  `,
  );

  story(
    "a scratch folder that is no repository",
    `
    session A stands in scratch
    session A runs \`git init && git commit --allow-empty -m "scratch work"\` seeing "[main (root-commit) 1234567] scratch work"
    hand edits a.ts
    hand commits all as "scratch work"
    "scratch work" is by nobody
  `,
  );

  story(
    "a printed hash from another repository",
    `
    repository app
    repository lib
    session A edits lib:l.ts
    session A commits lib:l.ts as "same words" in lib
    hand edits a.ts
    hand commits all as "same words here"
    "same words" is by A
    "same words here" is by nobody
  `,
  );

  story(
    "a command that leaves the repository before it commits",
    `
    repository app
    repository lib
    session A talks
    hand edits a.ts
    session A runs \`cd ../lib && git commit -qm "work elsewhere"\`
    hand commits all as "work elsewhere"
    "work elsewhere" is by nobody
  `,
  );

  story(
    "a repository with SHA-256 hashes",
    `
    repository app with sha256
    session A edits a.ts
    session A commits all as "long hash"
    session B edits b.ts
    2 hours later
    hand commits all as "long hash by lines"
    "long hash" is by A
    "long hash by lines" is by B
  `,
  );

  story(
    "Windows' paths of a checkout that is here now",
    `
    session A begins in C:\\src\\app
    the user says that C:\\src\\app is now app
    session A edits lib/a.ts spelled C:\\src\\app\\lib\\a.ts
    2 hours later
    hand commits all as "from Windows"
    "from Windows" is by A
  `,
  );

  story(
    "a path whose case differs",
    `
    session A edits a.ts spelled ROOT/App/a.ts
    2 hours later
    hand commits all as "case does not matter"
    "case does not matter" is by A
  `,
  );

  story(
    "a checkout one folder above what the session saw",
    `
    session A edits app/src/a.ts
    2 hours later
    hand commits all as "below another folder"
    "below another folder" is by A
  `,
  );

  story(
    "a file of the same name in another folder",
    `
    session A edits one/index.ts
    session A commits all as "one"
    2 hours later
    hand edits two/index.ts
    hand commits all as "two"
    "one" is by A
    "two" is by nobody
  `,
  );
});
