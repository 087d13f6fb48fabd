import { sessionIdOf } from "../../../lib/sessions/message_hash.ts";
import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { identifyFile } from "../../../lib/sessions/claude_code/transcript.ts";

import { SESSION, TranscriptLines } from "./lines.ts";
import { readText } from "./reading.ts";

describe("a session's id", () => {
  it("is what can be a part of an address, and nothing that ends or leaves it", () => {
    for (const id of [SESSION, "ses_1", "my:chat", "größe", "<script>", "a.b"]) {
      assertEquals(sessionIdOf(id), id);
    }
    for (const id of ["a/b", "..", "a?b", "a#b", "%2e", "a b", "a\u0000", "a\\b", "", 7, null]) {
      assertEquals(sessionIdOf(id), null, String(id));
    }
    assertEquals(identifyFile("/p/50% off?.jsonl").session, null);
  });

  it("that is none leaves its lines with the file's own session", () => {
    const lines = new TranscriptLines();
    lines.prompt("One");
    const { parts, events } = readText(lines.text.replaceAll(SESSION, "../../settings?x="));
    assertEquals(parts.map(({ session }) => session as string), [
      "0b0ba5e5-0000-4000-8000-000000000001",
    ]);
    assertEquals(events.length, 1);
  });
});
