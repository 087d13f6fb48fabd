import { assert, assertEquals, assertRejects } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { encodeEvent, type EventStream, EventStreams } from "../../lib/http/event_stream.ts";
import { SseReader } from "../support/sse.ts";

const request = (method = "GET") => new Request("http://127.0.0.1/api/events", { method });
const event = (data: unknown) => encodeEvent({ event: "any", data });

/** Opens a stream; `ended` counts how often its end was told. */
function open(streams: EventStreams) {
  let stream!: EventStream;
  const told = { ended: 0 };
  const response = streams.answer(request(), (opened) => {
    stream = opened;
    return () => told.ended++;
  });
  return { stream, response, told };
}

describe("an event stream", () => {
  it("says what it is", async () => {
    const { response, stream } = open(new EventStreams());
    assertEquals(response.headers.get("content-type"), "text/event-stream");
    assertEquals(response.headers.get("cache-control"), "no-store");
    stream.end();
    await response.body!.cancel();
  });

  it("gives what is sent, in order, and ends", async () => {
    const streams = new EventStreams();
    const { response, stream, told } = open(streams);
    for (const data of [1, 2, 3]) stream.send(event(data));
    stream.end();
    stream.end();
    assertEquals((await new SseReader(response).rest()).map(({ data }) => data), [1, 2, 3]);
    assertEquals([told.ended, streams.size], [1, 0]);
    assertEquals(stream.send(event(4)), false);
  });

  it("is freed when its client leaves", async () => {
    const streams = new EventStreams();
    const { response, stream, told } = open(streams);
    const reader = new SseReader(response);
    stream.send(event(1));
    await reader.next();
    assertEquals(streams.size, 1);
    await reader.leave();
    assertEquals([told.ended, streams.size], [1, 0]);
    stream.end();
    assertEquals(told.ended, 1);
  });

  it("says that it is alive while nothing happens", async () => {
    const { response, stream } = open(new EventStreams({ heartbeatMs: 5 }));
    const reader = new SseReader(response);
    for (let i = 0; i < 3; i++) assert((await reader.next())!.comment !== null);
    stream.end();
  });

  it("does not begin for HEAD", () => {
    const streams = new EventStreams();
    const response = streams.answer(request("HEAD"), () => {
      throw new Error("begun");
    });
    assertEquals(response.body, null);
    assertEquals(response.headers.get("content-type"), "text/event-stream");
    assertEquals(streams.size, 0);
  });

  it("drops what may be dropped for a client that does not read, and ends for the rest", async () => {
    const streams = new EventStreams();
    const { response, stream, told } = open(streams);
    const block = event("x".repeat(1000));
    let sent = 0;
    while (stream.send(block, { droppable: true })) sent++;
    assert(sent >= 10 && sent <= 40, `${sent} blocks of 1 KB were kept`);
    assertEquals(told.ended, 0);
    assertEquals(stream.send(block), false);
    assertEquals([told.ended, streams.size], [1, 0]);
    await assertRejects(() => response.text(), Error, "does not read");
  });

  it("that ends while it begins is freed all the same", async () => {
    const streams = new EventStreams();
    let ended = 0;
    const response = streams.answer(request(), (stream) => {
      stream.send(event(1));
      stream.end();
      return () => ended++;
    });
    assertEquals((await new SseReader(response).rest()).length, 1);
    assertEquals([ended, streams.size], [1, 0]);
  });
});

describe("all streams", () => {
  it("are ended with a reason", async () => {
    const streams = new EventStreams();
    const opened = [open(streams), open(streams)];
    streams.closeAll("Ascribe is stopping");
    for (const { response, told } of opened) {
      const events = await new SseReader(response).rest();
      assertEquals(events.map(({ event }) => event), ["closing"]);
      assertEquals(events[0].data, { reason: "Ascribe is stopping" });
      assertEquals(told.ended, 1);
    }
    assertEquals(streams.size, 0);
  });
});
