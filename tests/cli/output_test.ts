import { beforeEach, describe, it } from "@std/testing/bdd";
import { assertEquals, assertThrows } from "@std/assert";
import { createOutput, type Output, OutputClosed } from "../../lib/cli/output.ts";

/** A terminal that keeps what was written to it, a few bytes at a time. */
class FakeTerminal {
  text = "";
  readonly #terminal: boolean;
  readonly #decoder = new TextDecoder();

  constructor(terminal: boolean) {
    this.#terminal = terminal;
  }

  isTerminal(): boolean {
    return this.#terminal;
  }

  writeSync(bytes: Uint8Array): number {
    const taken = bytes.subarray(0, 7);
    this.text += this.#decoder.decode(taken, { stream: true });
    return taken.length;
  }
}

describe("the screen", () => {
  let stdout: FakeTerminal;
  let stderr: FakeTerminal;
  let clock: number;

  function output(terminal: boolean, columns = 80): Output {
    stdout = new FakeTerminal(terminal);
    stderr = new FakeTerminal(terminal);
    return createOutput({ stdout, stderr, columns: () => columns, now: () => clock });
  }

  beforeEach(() => {
    clock = 0;
  });

  it("draws progress on one line of a terminal, and clears it before anything else", () => {
    const { progress, print } = output(true);
    progress({ text: "Scanning repo 1/2...", share: 0.5 });
    clock = 100;
    progress({ text: "Scanning repo 2/2...", share: 1 });
    print("done");
    assertEquals(
      stderr.text,
      `\r\x1b[K${"█".repeat(12)}${"░".repeat(12)} Scanning repo 1/2...` +
        `\r\x1b[K${"█".repeat(24)} Scanning repo 2/2...\r\x1b[K`,
    );
    assertEquals(stdout.text, "done\n");
  });

  it("draws a terminal's line at most every 80 ms, and no wider than the terminal", () => {
    const { progress } = output(true, 12);
    for (; clock < 80; clock += 10) progress({ text: `Reading ${clock} of many`, share: null });
    assertEquals(stderr.text, "\r\x1b[KReading 0 o");
  });

  it("writes a plain line for each kind of step, then every two seconds, and always the last", () => {
    const { progress } = output(false);
    progress({ text: "Scanning repos...", share: null });
    for (let done = 0; done <= 50; done++) {
      progress({ text: `Linking ${done}/50...`, share: done / 50 });
      clock += 100;
    }
    assertEquals(
      stderr.text,
      [
        "Scanning repos...",
        "Linking 0/50...",
        "Linking 20/50...",
        "Linking 40/50...",
        "Linking 50/50...",
        "",
      ].join("\n"),
    );
  });

  it("says the same thing once", () => {
    const { progress } = output(false);
    progress({ text: "Reading 3/3...", share: 1 });
    progress({ text: "Reading 3/3...", share: 1 });
    assertEquals(stderr.text, "Reading 3/3...\n");
  });

  it("obeys nothing that a text says, and leaves JSON as it was", () => {
    const hostile = "a\u001b[2Jb\u0007\u009b31mc\r\n\u202ed\u2066\u007f é 🙂";
    const { print, log, progress } = output(true, 200);
    print(JSON.stringify({ hostile }));
    log(hostile);
    progress({ text: hostile, share: null });
    const spelled = "a\\u001b[2Jb\\u0007\\u009b31mc\\u000d\\u000a\\u202ed\\u2066\\u007f é 🙂";
    assertEquals(stderr.text, `${spelled}\n\r\x1b[K${spelled}`);
    assertEquals(JSON.parse(stdout.text), { hostile });
    const json = spelled.replace("\\u000d\\u000a", "\\r\\n");
    assertEquals(
      stdout.text,
      `{"hostile":"${json}"}
`,
    );
  });

  it("tells a closed output from other failures", () => {
    const broken = {
      isTerminal: () => false,
      writeSync: () => {
        throw new Deno.errors.BrokenPipe();
      },
    };
    const { print, log, progress } = createOutput({ stdout: broken, stderr: broken });
    assertThrows(() => print("x"), OutputClosed);
    const full = {
      isTerminal: () => false,
      writeSync: () => {
        throw new Error("No space left on device");
      },
    };
    assertThrows(
      () => createOutput({ stdout: full, stderr: full }).print("x"),
      Error,
      "Cannot write to standard output: No space left on device",
    );
    // What nobody watches goes on.
    log("x");
    progress({ text: "Scanning...", share: null });
  });
});
