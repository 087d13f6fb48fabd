import { assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { fc } from "../support/harness.ts";
import { encodeComment, encodeEvent } from "../../lib/http/event_stream.ts";
import { SseReader } from "../support/sse.ts";

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe("an event", () => {
  it("is written field by field", () => {
    const bytes = encodeEvent({ event: "done", data: { links: 7 }, id: "3-41", retryMs: 1000 });
    assertEquals(decode(bytes), 'retry: 1000\nid: 3-41\nevent: done\ndata: {"links":7}\n\n');
  });

  it("is refused with a line break in its name or id", () => {
    for (const text of ["a\nb", "a\rb", "a\r\nb", "\n", "a\0b"]) {
      assertThrows(() => encodeEvent({ event: text, data: null }), TypeError, "line break");
      assertThrows(
        () => encodeEvent({ event: "a", data: null, id: text }),
        TypeError,
        "line break",
      );
      assertThrows(() => encodeComment(text), TypeError, "line break");
    }
  });

  it("carries any data unharmed", async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), async (json) => {
        const data = JSON.parse(json);
        const reader = new SseReader(new Response(encodeEvent({ event: "any", data })));
        const [event, ...more] = await reader.rest();
        assertEquals(event.data, data);
        assertEquals(more, []);
      }),
      { numRuns: 50 },
    );
  });
});
