import { within } from "./wait.ts";

/** What a stream sent at once: an event, or a comment. */
export interface SseBlock {
  event: string | null;
  id: string | null;
  retry: string | null;
  comment: string | null;
  // deno-lint-ignore no-explicit-any
  data: any;
}

/** Reads an event stream, block by block. */
export class SseReader {
  readonly #reader: ReadableStreamDefaultReader<string>;
  #text = "";

  constructor(response: Response) {
    const decoder = new TextDecoderStream() as TransformStream<Uint8Array, string>;
    this.#reader = response.body!.pipeThrough(decoder).getReader();
  }

  /** The next block; null once the stream has ended. */
  async next(): Promise<SseBlock | null> {
    for (;;) {
      const end = this.#text.indexOf("\n\n");
      if (end >= 0) {
        const block = this.#text.slice(0, end);
        this.#text = this.#text.slice(end + 2);
        return parse(block);
      }
      const { value, done } = await within(this.#reader.read());
      if (done) return null;
      this.#text += value;
    }
  }

  /** Every event from here to the end of the stream. */
  async rest(): Promise<SseBlock[]> {
    const events: SseBlock[] = [];
    for (;;) {
      const block = await this.next();
      if (block === null) return events;
      if (block.event !== null) events.push(block);
    }
  }

  /** Leaves the stream, as a client that closes its connection does. */
  async leave(): Promise<void> {
    await this.#reader.cancel();
  }
}

function parse(text: string): SseBlock {
  const block: SseBlock = { event: null, id: null, retry: null, comment: null, data: null };
  for (const line of text.split("\n")) {
    const [, field, value] = /^([^:]*): ?(.*)$/.exec(line)!;
    if (field === "") block.comment = value;
    else if (field === "data") block.data = JSON.parse(value);
    else if (field === "event" || field === "id" || field === "retry") block[field] = value;
    else throw new Error(`A stream sent a field that nobody knows: ${line}`);
  }
  return block;
}
