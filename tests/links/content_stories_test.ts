import { describe } from "@std/testing/bdd";
import { story } from "./support/story.ts";

describe("lines that sessions write", () => {
  story(
    "lines committed by hand, hours later",
    `
    session A edits a.ts
    5 hours later
    hand commits all as "landed later"
    "landed later" is by A
  `,
  );

  story(
    "lines reformatted by hand before the commit",
    `
    session A edits a.ts
    2 hours later
    hand reformats a.ts
    hand commits all as "formatted"
    "formatted" is by A
  `,
  );

  story(
    "a part of a line that the session replaced",
    `
    hand edits a.ts with "const timeout = 10 * seconds(3);\\nconst other = thing();"
    hand commits all as "before"
    session A replaces "seconds(3)" by "minutes(2)" in a.ts
    2 hours later
    hand commits all as "a part of a line"
    "before" is by nobody
    "a part of a line" is by A
  `,
  );

  story(
    "lines that the session took away",
    `
    hand edits a.ts
    hand commits all as "there"
    session A takes the lines of a.ts away
    2 hours later
    hand commits all as "gone"
    "there" is by nobody
    "gone" is by A
  `,
  );

  story(
    "lines in a file that was renamed",
    `
    hand edits old.ts
    hand commits all as "old name"
    session A edits old.ts
    hand renames old.ts to new.ts
    2 hours later
    hand commits all as "new name"
    "new name" is by A
  `,
  );

  story(
    "code that was moved by hand to another file",
    `
    session A edits a.ts
    session A commits all as "written"
    2 hours later
    hand writes b.ts like a.ts
    hand commits all as "copied by hand"
    "written" is by A
    "copied by hand" is by nobody
  `,
  );

  story(
    "code that the session moved to another file",
    `
    hand edits a.ts
    hand commits all as "by hand"
    session A writes b.ts like a.ts
    2 hours later
    hand commits all as "moved by the session"
    "by hand" is by nobody
    "moved by the session" is by A
  `,
  );

  story(
    "lines that everybody writes prove nothing",
    `
    session A edits a.ts with "}\\n\\n{\\n});\\n  return;\\n}"
    hand commits all as "braces"
    2 hours later
    hand edits b.ts with "}\\n\\n{\\n});\\n  return;\\n}"
    hand commits all as "more braces"
    "more braces" is by nobody
  `,
  );

  story(
    "the same line twice, by session and by hand",
    `
    session A edits a.ts with "register(handlerOfEverything);"
    session A commits all as "once"
    2 hours later
    hand edits a.ts with "register(handlerOfEverything);"
    hand commits all as "twice"
    "once" is by A
    "twice" is by nobody
  `,
  );

  story(
    "a lock file that a program wrote proves nothing",
    `
    session A edits a.ts
    session A commits all as "work"
    hand edits package-lock.json with "first resolved package\\nsecond resolved package"
    hand commits all as "lock only"
    session A talks
    "lock only" is by nobody
  `,
  );

  story(
    "a vendored, a generated and an image file that the session's edits wrote",
    `
    session A edits vendor/x/y.go
    session A edits api/z.pb.go
    session A edits docs/plan.svg
    2 hours later
    hand commits all as "written, not generated"
    "written, not generated" is by A
  `,
  );

  story(
    "of a generated file that a program goes on writing, only the session's lines count",
    `
    session A edits api/z.pb.go with "type Door struct { open bool }\\nfunc (d *Door) Knock() error"
    session A edits a.ts
    hand edits api/z.pb.go
    hand edits api/z.pb.go
    hand edits api/z.pb.go
    hand edits api/z.pb.go
    2 hours later
    hand commits all as "mixed"
    "mixed" is by A
  `,
  );

  story(
    "a lock file beside real work",
    `
    session A edits a.ts
    hand edits package-lock.json
    2 hours later
    hand commits all as "work and lock"
    "work and lock" is by A
  `,
  );

  story(
    "shares by lines: who wrote more, and who wrote little",
    `
    session A edits a.ts
    session A edits a.ts
    session A edits a.ts
    session B edits b.ts
    2 hours later
    hand commits all as "shared"
    "shared" is by A and B
  `,
  );

  story(
    "the same lines by two sessions: they are of the one that explains more",
    `
    session A edits a.ts with "const alpha = computeAlpha();\\nconst beta = computeBeta();\\nconst gamma = computeGamma();\\nconst delta = computeDelta();"
    session B edits other.ts with "const alpha = computeAlpha();"
    2 hours later
    hand commits a.ts as "alpha to delta"
    "alpha to delta" is by A
  `,
  );

  story(
    "a line written after the commit",
    `
    hand edits a.ts with "const early = computeEarly();\\nconst bird = catchWorm();"
    hand commits all as "early"
    1 hour later
    session A edits b.ts with "const early = computeEarly();\\nconst bird = catchWorm();"
    "early" is by nobody
  `,
  );

  story(
    "a shell command's heredoc is an edit",
    `
    session A writes a.ts in the shell
    2 hours later
    hand commits all as "from the shell"
    "from the shell" is by A
  `,
  );

  story(
    "a large commit by hand with one line alike",
    `
    session A edits a.ts with "const shared = computeShared();"
    session A commits all as "shared line"
    hand edits big.ts
    hand edits big.ts
    hand edits big.ts
    hand edits big.ts
    hand edits big.ts with "const shared = computeShared();"
    2 hours later
    hand commits all as "big"
    "big" is by nobody
  `,
  );

  story(
    "a file of many languages",
    `
    session A edits übung/naïve.md with "Größe und Maße der Übungsräume\\n日本語のとても長い行です\\nЕщё одна длинная строка"
    2 hours later
    hand commits all as "words"
    "words" is by A
  `,
  );

  story(
    "a file beside one that was renamed",
    `
    session A edits b.ts
    hand renames README.md to READ-ME.md
    2 hours later
    hand commits all as "renamed and written"
    "renamed and written" is by A
  `,
  );
});
