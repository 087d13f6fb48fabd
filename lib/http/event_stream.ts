/** One event of an event stream. `data` is sent as JSON, which has no line breaks of its own. */
export interface ServerEvent {
  event: string;
  data: unknown;
  id?: string;
  /** How long the client waits before it reconnects, in milliseconds. */
  retryMs?: number;
}

const LINE_BREAK = /[\r\n\0]/;

/**
 * Writes an event as bytes.
 *
 * @throws {TypeError} If the event's name or id has a line break: what follows it would be read as a field.
 */
export function encodeEvent({ event, data, id, retryMs }: ServerEvent): Uint8Array<ArrayBuffer> {
  let text = "";
  if (retryMs !== undefined) text += `retry: ${retryMs}\n`;
  if (id !== undefined) text += `id: ${oneLine("id", id)}\n`;
  text += `event: ${oneLine("name", event)}\ndata: ${JSON.stringify(data)}\n\n`;
  return new TextEncoder().encode(text);
}

/**
 * Writes a comment, which clients ignore.
 *
 * @throws {TypeError} If the text has a line break.
 */
export function encodeComment(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`: ${oneLine("comment", text)}\n\n`);
}

function oneLine(what: string, value: string): string {
  if (LINE_BREAK.test(value)) {
    throw new TypeError(`Cannot send an event: its ${what} has a line break`);
  }
  return value;
}

/** How often a stream says that it is alive, in milliseconds. */
const HEARTBEAT_MS = 15_000;

/** How much a client that does not read may leave lying, in bytes. */
const BUFFER_BYTES = 32_768;

const HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "no-store",
  // A proxy in between must not hold events back.
  "x-accel-buffering": "no",
};

/** One client's stream of events. */
export interface EventStream {
  /**
   * Sends bytes of one or more events. To a client that does not read, what is `droppable` is not sent; anything else
   * ends its stream, so that it reconnects.
   *
   * @returns Whether they were sent.
   */
  send(bytes: Uint8Array, options?: { droppable?: boolean }): boolean;
  /** Ends the stream. */
  end(): void;
}

/** The open streams of a server, of whatever kind. While there are none, it holds no timer. */
export class EventStreams {
  readonly #open = new Set<EventStream>();
  readonly #heartbeatMs: number;
  readonly #heartbeat = encodeComment("still here");
  #timer: ReturnType<typeof setInterval> | undefined;

  /** @param options.heartbeatMs @default {HEARTBEAT_MS} */
  constructor(options: { heartbeatMs?: number } = {}) {
    this.#heartbeatMs = options.heartbeatMs ?? HEARTBEAT_MS;
  }

  /** How many streams are open. */
  get size(): number {
    return this.#open.size;
  }

  /**
   * Answers a request with a stream.
   *
   * @param request For `HEAD` the answer has no stream: nobody would ever read or cancel it.
   * @param begin Called with the stream once; what it returns is called when the stream ended, for whatever reason.
   */
  answer(request: Request, begin: (stream: EventStream) => () => void): Response {
    if (request.method === "HEAD") return new Response(null, { headers: HEADERS });
    let close = () => {};
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        let over = false;
        const release = (): boolean => {
          if (over) return false;
          over = true;
          this.#remove(stream);
          ended?.();
          return true;
        };
        const stream: EventStream = {
          send: (bytes, { droppable = false } = {}) => {
            if (over) return false;
            if ((controller.desiredSize ?? 0) >= bytes.byteLength) {
              controller.enqueue(bytes);
              return true;
            }
            if (!droppable && release()) controller.error(new Error("The client does not read"));
            return false;
          },
          end: () => {
            if (release()) controller.close();
          },
        };
        close = release;
        let ended: (() => void) | null = null;
        this.#add(stream);
        ended = begin(stream);
        // It may have ended while it began.
        if (over) ended();
      },
      cancel: () => close(),
    }, new ByteLengthQueuingStrategy({ highWaterMark: BUFFER_BYTES }));
    return new Response(body, { headers: HEADERS });
  }

  /** Ends every stream, and tells its client why. */
  closeAll(reason: string): void {
    const closing = encodeEvent({ event: "closing", data: { reason } });
    for (const stream of [...this.#open]) {
      stream.send(closing, { droppable: true });
      stream.end();
    }
  }

  #add(stream: EventStream): void {
    this.#open.add(stream);
    this.#timer ??= setInterval(() => {
      for (const open of [...this.#open]) open.send(this.#heartbeat, { droppable: true });
    }, this.#heartbeatMs);
  }

  #remove(stream: EventStream): void {
    this.#open.delete(stream);
    if (this.#open.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
