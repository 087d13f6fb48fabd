import { describe } from "@std/testing/bdd";
import { story } from "./support/story.ts";

describe("what users of such tools complain about", () => {
  story(
    "two sessions at once in one repository: each its own commit",
    `
    session A edits a.ts
    session B edits b.ts
    session A talks
    hand commits a.ts as "of a"
    session B talks
    hand commits b.ts as "of b"
    session A talks
    "of a" is by A
    "of b" is by B
  `,
  );

  story(
    "two sessions whose work one commit holds",
    `
    session A edits a.ts
    session B edits b.ts
    hand commits all as "both"
    "both" is by A and B
  `,
  );

  story(
    "a bystander that wrote nothing of it",
    `
    session A talks
    session B edits b.ts
    session B commits all as "b alone"
    session A talks
    "b alone" is by B
  `,
  );

  story(
    "a bystander that read the same file",
    `
    session A edits a.ts
    session A commits all as "first"
    session B talks
    session A edits a.ts
    session A commits all as "second"
    session B talks
    "first" is by A
    "second" is by A
  `,
  );

  story(
    "a commit made by hand while a session is open",
    `
    session A edits a.ts
    session A commits all as "by the session"
    hand edits b.ts
    hand commits all as "by hand"
    session A talks
    "by the session" is by A
    "by hand" is by nobody
  `,
  );

  story(
    "a commit made by hand to the very file that the session had just committed",
    `
    session A edits a.ts
    session A commits all as "by the session"
    hand edits a.ts
    hand commits all as "touched up by hand"
    session A talks
    "touched up by hand" is by nobody
  `,
  );

  story(
    "a session that only talked while somebody worked by hand",
    `
    session A talks
    hand edits a.ts
    hand commits all as "all by hand"
    session A talks
    "all by hand" is by nobody
  `,
  );

  story(
    "a commit in another repository that the session went to with cd",
    `
    repository app
    repository lib
    session A edits lib:l.ts
    session A commits lib:l.ts as "of lib" in lib
    "of lib" is by A
  `,
  );

  story(
    "a hand-made commit in the session's folder while it worked in another repository",
    `
    repository app
    repository lib
    session A edits lib:l.ts
    hand edits a.ts
    hand commits all as "of app"
    session A edits lib:l.ts
    "of app" is by nobody
  `,
  );

  story(
    "a session in three repositories",
    `
    repository app
    repository lib
    repository docs
    session A edits a.ts
    session A edits lib:l.ts
    session A edits docs:d.md
    session A commits a.ts as "of app" in app
    session A commits lib:l.ts as "of lib" in lib
    hand commits docs:d.md as "of docs"
    "of app" is by A
    "of lib" is by A
    "of docs" is by A
  `,
  );

  story(
    "git -C from outside",
    `
    session A edits a.ts
    hand commits all as "before"
    session A edits a.ts
    session A commits all as "from far away" by git -C
    "from far away" is by A
  `,
  );

  story(
    "cd and commit from outside",
    `
    session A edits a.ts
    session A commits all as "came in" from outside
    "came in" is by A
  `,
  );
});
