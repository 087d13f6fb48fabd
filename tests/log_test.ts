import { LOG_LEVELS, type LogLevel } from "../lib/domain/settings.ts";
import { assertEquals, assertMatch } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { createLog, logFault } from "../lib/text/log.ts";

function lines(level: LogLevel, message = "hello"): string[] {
  const written: string[] = [];
  const log = createLog(level, { write: (line) => written.push(line), now: () => 0 });
  for (const each of LOG_LEVELS) log[each](message);
  return written;
}

describe("the log", () => {
  it("has the time, the level and the message", () => {
    assertEquals(lines("error"), ["1970-01-01T00:00:00.000Z error hello"]);
  });

  it("says at each level what those before it say, and more", () => {
    assertEquals(LOG_LEVELS.map((level) => lines(level).length), [1, 2, 3, 4]);
  });

  it("writes one line a message, and nothing that steers a terminal", () => {
    const hostile = "a\nb\r\n\u001b[31mc\u0007\u2028d";
    assertEquals(lines("error", hostile), ["1970-01-01T00:00:00.000Z error a b [31mc d"]);
  });

  it("has the stack of what nobody expected, as text", () => {
    const { error: print } = console;
    let written = "";
    console.error = (text: string) => written = text;
    try {
      logFault(new Error("no\u001b]0;owned\u0007", { cause: new Error("\u009b2J") }));
    } finally {
      console.error = print;
    }
    assertMatch(
      written,
      /Error: no\\u001b\]0;owned\\u0007\n {4}at .*\n(.|\n)*cause.*\\u009b2J/,
    );
  });
});
