import { sleep } from "../async/yield.ts";
import { errorMessage } from "../text/errors.ts";
import type { Log } from "../text/log.ts";
import type { Handler } from "./secure.ts";

/** Where and how to listen. */
export interface ListenOptions {
  host: string;
  /** 0 picks a free one. */
  port: number;
  handler: Handler;
  log: Log;
  /** Ends what would keep connections open, before the listener ends. */
  closeStreams: (reason: string) => void;
}

/** A listener at work, or why there is none, in a sentence that says what to do. */
export type ListenOutcome =
  | { kind: "listening"; listener: Listener }
  | { kind: "portTaken" | "refused"; message: string };

/** The message that clients of a stream get when the program ends. */
const STOPPING = "Ascribe is stopping";

/** How long requests may take to be answered once the listener is closing, in milliseconds. */
const CLOSING_MS = 300;
/** How long connections that were cut off may take to be gone, in milliseconds: ten thousand take a while. */
const CUTTING_MS = 100;
/** How long to wait before listening again once the system refused connections, in milliseconds. */
const PAUSE_MS = 100;
/** How often closing looks whether every request is answered, in milliseconds. */
const LOOK_MS = 20;
/** How long who holds a port may take to say who it is, in milliseconds. */
const ASK_MS = 1_000;

/** Answers requests until it is closed; running out of file descriptors interrupts it and does not end it. */
export class Listener implements AsyncDisposable {
  /** Where it answers, such as `http://127.0.0.1:47892`. */
  readonly address: string;
  readonly #options: ListenOptions;
  readonly #port: number;
  readonly #abort = new AbortController();
  #server: Deno.HttpServer<Deno.NetAddr>;
  #closing = false;
  #answering = 0;

  /** @throws {Error} The system's, if it will not listen there. */
  constructor(options: ListenOptions) {
    this.#options = options;
    this.#server = this.#serve(options.port);
    this.#port = this.#server.addr.port;
    this.address = addressOf(options.host, this.#port);
    this.#keepServing();
  }

  /** Ends the streams, then the listener; a request that is not answered soon, or not even sent, is cut off. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    this.#options.closeStreams(STOPPING);
    const deadline = performance.now() + CLOSING_MS;
    // One look more than none: what was just written is sent before connections are cut.
    do await sleep(LOOK_MS); while (
      this.#answering > 0 && performance.now() < deadline
    );
    this.#abort.abort();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => timer = setTimeout(resolve, CUTTING_MS));
    await Promise.race([this.#server.finished.catch(() => {}), late]);
    clearTimeout(timer);
  }

  async #answer(request: Request, info: Deno.ServeHandlerInfo): Promise<Response> {
    if (this.#closing) {
      return new Response(STOPPING, { status: 503, headers: { connection: "close" } });
    }
    this.#answering++;
    try {
      return await this.#options.handler(request, info);
    } finally {
      this.#answering--;
    }
  }

  #serve(port: number): Deno.HttpServer<Deno.NetAddr> {
    const { host: hostname, log } = this.#options;
    return Deno.serve({
      hostname,
      port,
      signal: this.#abort.signal,
      onListen: () => {},
      onError: (error) => {
        log.error(`a request failed: ${errorMessage(error)}`);
        return new Response("Internal Server Error", { status: 500 });
      },
    }, (request, info) => this.#answer(request, info));
  }

  async #keepServing(): Promise<void> {
    while (!this.#closing) {
      let reason = "it ended";
      await this.#server.finished.catch((error) => reason = errorMessage(error));
      if (this.#closing) return;
      this.#options.log.error(`the listener starts anew: ${reason}`);
      await this.#serveAgain();
    }
  }

  async #serveAgain(): Promise<void> {
    while (!this.#closing) {
      await sleep(PAUSE_MS);
      if (this.#closing) return;
      try {
        this.#server = this.#serve(this.#port);
        return;
      } catch (error) {
        this.#options.log.debug(`cannot listen yet: ${errorMessage(error)}`);
      }
    }
  }
}

/** Starts to listen. If the port is in use, the message names the process when known. */
export async function listen(options: ListenOptions): Promise<ListenOutcome> {
  const { host, port } = options;
  try {
    return { kind: "listening", listener: new Listener(options) };
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) {
      const holder = await nameHolder(addressOf(host, port));
      const other = port < 65535 ? port + 1 : port - 1;
      const message =
        `Port ${port} is taken by ${holder}. Choose another with --port, such as --port ${other}.`;
      return { kind: "portTaken", message };
    }
    if (error instanceof Deno.errors.NotCapable) {
      const task = host === "0.0.0.0" || host === "::" ? "start:network" : "start";
      const message =
        `Ascribe was started without the right to listen on ${host}. Start it with: deno task ${task} --host ${host}`;
      return { kind: "refused", message };
    }
    const message = `Cannot listen on ${addressOf(host, port)} (${
      errorMessage(error)
    }). Choose another --host or --port.`;
    return { kind: "refused", message };
  }
}

/** Who answers at an address: no closer can one look without rights that Ascribe has no other use for. */
async function nameHolder(address: string): Promise<string> {
  try {
    const response = await fetch(`${address}/api/health`, { signal: AbortSignal.timeout(ASK_MS) });
    const { name, version } = await response.json();
    if (name === "ascribe") return `another Ascribe (${version}), which answers at ${address}`;
    return "another web server";
  } catch {
    return "another program";
  }
}

/** Where a server can be asked: one that listens on every address answers on this machine's own. */
function addressOf(listening: string, port: number): string {
  const host = listening === "0.0.0.0" ? "127.0.0.1" : listening === "::" ? "::1" : listening;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
