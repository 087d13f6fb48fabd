import { describe } from "@std/testing/bdd";
import { story } from "./support/story.ts";

describe("squashes", () => {
  story(
    "a squash of a branch that is months old",
    `
    hand switches to new branch topic
    session A edits a.ts
    session A commits all as "step one of it"
    session A edits b.ts
    session A commits all as "step two of it"
    90 days later
    hand switches to main
    hand squashes topic as "Feature (#12)" listing "step one of it, step two of it"
    hand deletes branch topic
    "Feature (#12)" is by A
  `,
  );

  story(
    "a squash whose branch git forgot, by the subjects that it lists",
    `
    hand switches to new branch topic
    session A edits a.ts
    session A edits a.ts
    session A edits a.ts
    session A commits all as "step by A"
    session B edits b.ts with "export const lamp = light(street);"
    session B commits all as "step by B"
    21 days later
    hand switches to main
    hand squashes topic as "Feature (#12)" listing "step by A, step by B"
    hand deletes branch topic
    hand forgets what no branch holds
    "Feature (#12)" is by A and B
  `,
  );

  story(
    "a squash that lists nothing, by the commits whose lines it holds",
    `
    hand switches to new branch topic
    session A edits a.ts
    session A commits all as "step by A"
    hand edits b.ts
    session B commits all as "step by B of lines that a person wrote"
    session B edits c.ts
    session B commits all as "another step by B"
    40 days later
    hand switches to main
    hand squashes topic as "Feature (#12)"
    "Feature (#12)" is by A and B
  `,
  );

  story(
    "a list in a message that is no squash of a forge",
    `
    session A talks
    session A runs \`git commit -qm "tidy the cellar door"\`
    2 days later
    hand edits a.ts
    hand commits all as "Notes of the week" saying "* tidy the cellar door"
    "Notes of the week" is by nobody
  `,
  );

  story(
    "a squash that lists what somebody else's commits are called too",
    `
    session A edits a.ts
    session A commits all as "fix tests"
    3 days later
    hand switches to new branch topic
    hand edits b.ts
    hand commits all as "fix tests"
    hand switches to main
    hand squashes topic as "Feature (#12)" listing "fix tests"
    "Feature (#12)" is by nobody
  `,
  );
});

describe("copies", () => {
  story(
    "evidence of files for a commit is evidence for its copy, made days later",
    `
    hand switches to new branch topic
    session A edits a.ts
    hand replaces "const" by "let  " in a.ts
    hand commits all as "waited for the session"
    hand switches to main
    hand edits m.ts
    hand commits all as "main goes on"
    3 days later
    hand switches to topic
    hand rebases onto main
    "waited for the session" is by A
  `,
  );

  story(
    "who makes a commit again has not made the first one",
    `
    hand switches to new branch topic
    hand edits t.ts
    hand commits all as "by a person"
    hand switches to main
    hand edits m.ts
    hand commits all as "main goes on"
    session A cherry-picks "by a person"
    the last "by a person" is by A
    the first "by a person" is by nobody
  `,
  );
});

describe("conflicts", () => {
  const CONFLICT = `
    hand edits a.ts with "const door = open(front);"
    hand commits all as "main door"
    hand switches to new branch topic
    hand replaces "open(front)" by "open(back, slowly)" in a.ts
    hand commits all as "topic door"
    hand switches to main
    hand replaces "open(front)" by "open(front, wide)" in a.ts
    hand commits all as "wide door"
  `;

  story(
    "a merge whose conflict the session resolved, concluded by hand",
    `
    ${CONFLICT}
    hand tries to merge topic
    session A resolves the conflict in a.ts with "const door = open(front, back, slowly);"
    hand concludes the merge as "Merge branch 'topic'"
    "Merge branch 'topic'" is by A
    "wide door" is by nobody
  `,
  );

  story(
    "a merge whose conflict the session resolved by keeping both sides",
    `
    ${CONFLICT}
    hand tries to merge topic
    session A resolves the conflict in a.ts
    hand concludes the merge as "Merge branch 'topic'"
    "Merge branch 'topic'" is by A
  `,
  );

  story(
    "a rebase whose conflict the session resolved",
    `
    ${CONFLICT}
    hand switches to topic
    hand tries to rebase onto main
    session A resolves the conflict in a.ts with "const door = open(front, back);"
    hand goes on rebasing
    the last "topic door" is by A
    the first "topic door" is by nobody
  `,
  );

  story(
    "the next commit of a file without a conflict is not of who resolved one",
    `
    ${CONFLICT}
    hand tries to merge topic
    session A resolves the conflict in a.ts with "const door = open(front, back, slowly);"
    hand concludes the merge as "Merge branch 'topic'"
    3 hours later
    hand edits a.ts
    hand commits all as "by hand afterwards"
    "by hand afterwards" is by nobody
  `,
  );
});

describe("clocks that differ", () => {
  for (
    const [slow, word] of [["5 minutes", "minutes"], ["1 hour", "an hour"], ["9 hours", "zones"]]
  ) {
    story(
      `lines of a commit whose clock is slow: ${word}`,
      `
      session A edits a.ts
      hand commits all as "by a slow clock" by a clock that is ${slow} slow
      "by a slow clock" is by A
    `,
    );
  }

  story(
    "a quiet commit whose time is rounded down",
    `
    session A talks
    hand edits a.ts
    session A runs \`git commit -qam "rounded to the hour"\`
    hand commits all as "rounded to the hour" by a clock that is 40 minutes slow
    "rounded to the hour" is by A
  `,
  );

  story(
    "a session that writes a whole file anew takes over what somebody committed before",
    `
    hand edits a.ts with "const early = computeEarly();\\nconst bird = catchWorm();"
    hand commits all as "early"
    1 hour later
    session A writes b.ts like a.ts
    session A takes the lines of a.ts away
    session A writes a.ts like b.ts
    "early" is by nobody
  `,
  );
});

describe("renamed before the commit", () => {
  story(
    "written under one name, committed under another",
    `
    session A edits one.ts
    session A edits one.ts
    hand commits one.ts as "not yet renamed"
    session B edits draft.ts
    session B edits draft.ts
    hand writes final.ts like draft.ts
    hand commits final.ts as "renamed before the commit"
    "renamed before the commit" is by B
  `,
  );

  story(
    "committed, renamed by hand and squashed",
    `
    hand switches to new branch topic
    session A edits draft.ts
    session A commits all as "draft of it"
    1 hour later
    hand renames draft.ts to final.ts
    hand commits all as "a better name"
    1 hour later
    hand switches to main
    hand squashes topic as "Feature (#3)"
    hand deletes branch topic
    "Feature (#3)" is by A
  `,
  );

  story(
    "a new file that takes some lines of a session's for a model is somebody else's",
    `
    session A edits one.ts
    hand edits two.ts
    hand edits two.ts
    session A commits one.ts as "the model"
    hand commits two.ts as "after the model"
    "after the model" is by nobody
  `,
  );
});

describe("names in other Unicode forms", () => {
  const composed = "caf\u00e9/\u00dcbersicht.ts";
  story(
    "a decomposed path of a file that git keeps composed",
    `
    session A edits ${composed} spelled ROOT/app/${composed.normalize("NFD")}
    2 hours later
    hand commits all as "composed"
    "composed" is by A
  `,
  );

  story(
    "a file beside it with another name",
    `
    session A edits notes.md spelled ROOT/app/${"caf\u00e8.md".normalize("NFD")}
    2 hours later
    teammate commits caf\u00e9.md as "another accent"
    "another accent" is by nobody
  `,
  );
});

describe("white space alone", () => {
  story(
    "a file of the session's reformatted by hand, soon after",
    `
    session A edits a.ts
    session A commits all as "written"
    hand reformats a.ts
    hand commits all as "reformatted"
    "reformatted" is by nobody
  `,
  );

  story(
    "a file of the session's reformatted by hand with a line of one's own",
    `
    session A edits a.ts
    session A edits a.ts
    session A commits all as "written"
    3 days later
    hand reformats a.ts
    hand edits a.ts
    hand commits all as "reformatted and more"
    "reformatted and more" is by nobody
  `,
  );

  story(
    "lines that the session wrote and somebody reformatted before the commit",
    `
    session A edits a.ts
    hand reformats a.ts
    2 hours later
    hand commits all as "formatted on saving"
    "formatted on saving" is by A
  `,
  );
});

describe("several writers", () => {
  story(
    "one line of a waiting edit in a large commit of another session's",
    `
    session A edits big.ts
    session A edits big2.ts
    session A edits big3.ts
    session B edits README.md with "A paragraph about the lighthouse keeper"
    session A commits all as "all of it"
    "all of it" is by A and B
  `,
  );
});
