import { describe } from "@std/testing/bdd";
import { story } from "./support/story.ts";

const FIRST = "export const door = openDoor(front);\\nexport const window = openWindow(south);";
const SECOND = "export const cellar = lockCellar(key);\\nexport const attic = sweepAttic(broom);";

describe("commits made by hand of what sessions wrote", () => {
  story(
    "somebody changes a line that the session wrote, hours after it ended",
    `
    session A edits a.ts with "${FIRST}"
    session A commits all as "by the session"
    2 hours later
    hand replaces "openDoor(front)" by "openDoor(back, slowly)" in a.ts
    hand commits all as "corrected"
    "corrected" is by A
  `,
  );

  story(
    "somebody changes a line that the session wrote, days after it ended",
    `
    session A edits a.ts with "${FIRST}"
    session A commits all as "by the session"
    4 days later
    hand replaces "openDoor(front)" by "openDoor(back, slowly)" in a.ts
    hand commits all as "corrected"
    "corrected" is by nobody
  `,
  );

  story(
    "somebody adds between lines that the session wrote",
    `
    session A edits a.ts with "${FIRST}\\n${SECOND}"
    session A commits all as "by the session"
    10 minutes later
    hand replaces "export const cellar" by "// nobody goes down\\nexport const cellar" in a.ts
    hand commits all as "added"
    "added" is by A
  `,
  );

  story(
    "of two sessions in the file, the one whose lines are changed",
    `
    session A edits a.ts with "${FIRST}"
    session A commits all as "of A"
    hand edits a.ts
    hand edits a.ts
    hand commits all as "by hand"
    40 minutes later
    session B edits a.ts with "${SECOND}"
    session B commits all as "of B"
    10 minutes later
    hand replaces "openDoor(front)" by "openDoor(back, slowly)" in a.ts
    hand commits all as "corrected"
    "corrected" is by A
  `,
  );

  story(
    "a line of the session changed by hand while it goes on without showing it",
    `
    session A edits a.ts with "${FIRST}"
    session A commits all as "by the session"
    hand replaces "openDoor(front)" by "openDoor(back, slowly)" in a.ts
    hand commits all as "corrected"
    session A talks
    "corrected" is by nobody
  `,
  );

  story(
    "blank lines that a formatter took away",
    `
    session A edits a.ts with "${FIRST}\\n\\n\\n\\n"
    session A commits all as "by the session"
    hand edits b.ts with "${SECOND}\\n\\n\\n\\n"
    hand commits all as "by hand"
    session A edits b.ts with "first"
    session A commits all as "a word"
    5 minutes later
    hand replaces "\\n\\n\\n" by "\\n" in b.ts
    hand commits all as "formatted"
    "formatted" is by nobody
  `,
  );

  story(
    "a commit that is undone by hand in the session's file, soon after it",
    `
    session A edits a.ts with "${FIRST}"
    session A commits all as "by the session"
    hand edits a.ts with "${SECOND}"
    hand commits all as "by hand"
    session A replaces "openDoor(front)" by "openDoor(wide)" in a.ts
    session A commits all as "of the door"
    5 minutes later
    hand reverts "by hand" as "revert: by hand"
    "of the door" is by A
    "revert: by hand" is by nobody
  `,
  );

  story(
    "a suggestion that was taken over on the web, in the file that the session had edited",
    `
    session A edits a.ts with "${FIRST}"
    session A commits all as "by the session"
    5 minutes later
    hand replaces "openDoor(front)" by "openDoor(back, slowly)" in a.ts
    hand commits a.ts on the web as "Update a.ts"
    "by the session" is by A
    "Update a.ts" is by nobody
  `,
  );

  story(
    "a colleague's commit at the same machine is not of the sessions of somebody else",
    `
    session A edits a.ts with "${FIRST}"
    session A commits all as "of A"
    session A edits b.ts with "${SECOND}"
    a colleague sits down at this machine
    session B edits c.ts
    session B commits c.ts as "of B"
    hand replaces "lockCellar(key)" by "lockCellar(none)" in b.ts
    hand replaces "sweepAttic(broom)" by "sweepAttic(never)" in b.ts
    hand commits b.ts as "of the colleague"
    "of A" is by A
    "of B" is by B
    "of the colleague" is by nobody
  `,
  );

  story(
    "lines that a session took away in vain prove nothing beside what another wrote in their place",
    `
    hand edits a.ts
    hand edits a.ts
    hand writes kept.ts like a.ts
    hand commits a.ts as "before"
    session B takes the lines of a.ts away
    session B talks
    hand writes a.ts like kept.ts
    3 hours later
    hand writes a.ts like README.md
    session A edits a.ts
    hand commits a.ts as "written anew"
    "written anew" is by A
  `,
  );

  story(
    "lines that a session took away and wrote again are not taken away",
    `
    hand edits a.ts
    hand edits a.ts
    hand writes kept.ts like a.ts
    hand commits a.ts as "before"
    session B takes the lines of a.ts away
    session B writes a.ts like kept.ts
    2 days later
    hand takes the last 8 lines of a.ts away
    hand commits a.ts as "shorter"
    "shorter" is by nobody
  `,
  );
});
