import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { generateTranscript } from "./generator.ts";
import { IndexFixture, NOW } from "./index_fixture.ts";
import { SESSION, TranscriptLines } from "./lines.ts";
import { openFile, readAll, takeReading } from "./reading.ts";

const OTHER = "0b0ba5e5-0000-4000-8000-000000000002";

/** What a transcript may turn into, with what is then said of it; nothing where it can be read. */
const TURNS: Record<string, { turn: (path: string) => void; said: RegExp | null }> = {
  "nothing at all": { turn: (path) => Deno.removeSync(path), said: /it is gone/ },
  "a folder": {
    turn(path) {
      Deno.removeSync(path);
      Deno.mkdirSync(path);
    },
    said: /it is not a file/,
  },
  "a pipe that nobody writes to": {
    turn(path) {
      Deno.removeSync(path);
      const { success } = new Deno.Command("mkfifo", { args: [path] }).outputSync();
      assert(success);
    },
    said: /it is not a file/,
  },
  "a link to an endless device": {
    turn(path) {
      Deno.removeSync(path);
      Deno.symlinkSync("/dev/zero", path);
    },
    said: /it is not a file/,
  },
  "a link to itself": {
    turn(path) {
      Deno.removeSync(path);
      Deno.symlinkSync(path, path);
    },
    said: /its links go in a circle/,
  },
  "a link that leads nowhere": {
    turn(path) {
      Deno.removeSync(path);
      Deno.symlinkSync(`${path}.missing`, path);
    },
    said: /it is gone, or a link that leads nowhere/,
  },
  "a link to where it was moved": {
    turn(path) {
      Deno.renameSync(path, `${path}.moved`);
      Deno.symlinkSync(`${path}.moved`, path);
    },
    said: null,
  },
  "another file of that name": {
    turn(path) {
      const lines = new TranscriptLines({ sessionId: SESSION });
      lines.prompt("Of the other file");
      Deno.writeTextFileSync(`${path}.new`, lines.text);
      Deno.renameSync(`${path}.new`, path);
    },
    said: null,
  },
};

describe("a transcript that becomes", () => {
  let at: IndexFixture;
  let path: string;

  beforeEach(() => {
    at = new IndexFixture();
    path = at.write(`${SESSION}.jsonl`, generateTranscript(7, { sessionId: SESSION }));
    at.write(`${OTHER}.jsonl`, generateTranscript(8, { sessionId: OTHER }));
  });
  afterEach(() => at[Symbol.dispose]());

  for (const [what, { turn, said }] of Object.entries(TURNS)) {
    it(`${what} once it was found costs no other file, and is said`, async () => {
      let turned = false;
      const { problems } = await at.index({
        onProgress({ phase }) {
          if (phase === "indexing" && !turned) turn(path);
          turned ||= phase === "indexing";
        },
      });
      assert(at.session(OTHER) !== undefined);
      assertEquals(problems.length, said === null ? 0 : 1);
      if (said !== null) assertMatch(problems[0].message, said);
      assertEquals(at.session() !== undefined, said === null);
    });

    it(`${what} while it is read is read to the end of what was opened`, () => {
      const whole = readAll(path);
      using file = openFile(path);
      file.step(1);
      turn(path);
      while (file.step(1_000));
      const reading = takeReading(file);
      assertEquals(
        reading.parts.map(({ messageHashes }) => messageHashes),
        whole.parts.map(({ messageHashes }) => messageHashes),
      );
    });

    it(`${what} between two syncs keeps its session`, async () => {
      await at.index();
      const before = at.session();
      turn(path);
      const { problems } = await at.index();
      assert(problems.length <= 1);
      assert(at.session() !== undefined);
      if (said !== null) {
        assertEquals(at.session(), before);
        assert(at.goneAt(path) === NOW || problems.length === 1);
      }
      const again = await at.index();
      assertEquals([again.filesRead, again.sessionsChanged], [0, 0]);
    });
  }
});
