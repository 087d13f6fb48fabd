import { setImmediate } from "node:timers/promises";

/** How many items of a list are written in one turn of the event loop. */
const ITEMS_AT_ONCE = 4_000;

/** Answers with a large value as JSON, piece by piece, so that others' requests need not wait for all of it. */
export function streamJson(value: unknown): Response {
  const pieces = jsonPieces(value);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value: text } = pieces.next();
      if (done) return controller.close();
      controller.enqueue(encoder.encode(text));
      await setImmediate();
    },
  }, { highWaterMark: 0 });
  return new Response(body, { headers: { "content-type": "application/json" } });
}

/** The text of `JSON.stringify(value)` in pieces; `value` is of plain objects, lists and what JSON holds. */
export function* jsonPieces(value: unknown): Generator<string> {
  if (Array.isArray(value) && value.length > ITEMS_AT_ONCE) {
    for (let at = 0; at < value.length; at += ITEMS_AT_ONCE) {
      const items = JSON.stringify(value.slice(at, at + ITEMS_AT_ONCE)).slice(1, -1);
      yield `${at === 0 ? "[" : ","}${items}`;
    }
    yield "]";
  } else if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    let open = "{";
    for (const [key, part] of Object.entries(value)) {
      if (part === undefined) continue;
      yield `${open}${JSON.stringify(key)}:`;
      yield* jsonPieces(part);
      open = ",";
    }
    yield open === "{" ? "{}" : "}";
  } else yield JSON.stringify(value);
}
