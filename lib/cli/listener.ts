import type { Handler } from "../http/secure.ts";
import type { Log } from "../log.ts";
import { CommandFailure } from "./failure.ts";

/** How long to wait before listening anew after the system refused a connection, in milliseconds. */
const PAUSE_MS = 200;

/** Where and how to listen. */
export interface ListenOptions {
  host: string;
  /** 0 picks a free one. */
  port: number;
  handler: Handler;
  log: Log;
}

/**
 * A listener that goes on when the system has run out of file descriptors, until it is disposed of.
 */
export class Listener implements AsyncDisposable {
  readonly address: string;
  readonly #options: ListenOptions;
  readonly #port: number;
  #server: Deno.HttpServer<Deno.NetAddr>;
  #closed = false;

  /** @throws {Deno.errors.AddrInUse} If somebody listens there already. */
  constructor(options: ListenOptions) {
    this.#options = options;
    this.#server = this.#serve(options.port);
    this.#port = this.#server.addr.port;
    this.address = `http://${options.host === "::1" ? "[::1]" : options.host}:${this.#port}`;
    this.#watch();
  }

  /** Takes no more connections, and ends those that are open. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#stop.abort();
    await this.#server.finished.catch(() => {});
  }

  #stop = new AbortController();

  #serve(port: number): Deno.HttpServer<Deno.NetAddr> {
    const { host: hostname, handler, log } = this.#options;
    const onError = (error: unknown) => {
      log.error(`a request failed: ${error instanceof Error ? error.message : error}`);
      return new Response("Internal Server Error", { status: 500 });
    };
    const { signal } = this.#stop;
    return Deno.serve({ hostname, port, signal, onError, onListen: () => {} }, handler);
  }

  async #watch(): Promise<void> {
    while (!this.#closed) {
      const reason = await this.#server.finished.then(() => "it was closed", String);
      if (this.#closed) return;
      this.#options.log.error(`the listener ended and starts anew: ${reason}`);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      try {
        this.#server = this.#serve(this.#port);
      } catch (error) {
        this.#options.log.error(`cannot listen: ${error}`);
      }
    }
  }
}

/**
 * Starts to listen.
 *
 * @throws {CommandFailure} If the port is taken or may not be used; the message says by whom where that can be known.
 */
export async function listen(options: ListenOptions): Promise<Listener> {
  const { host, port } = options;
  try {
    return new Listener(options);
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) {
      const holder = await holderOf(`http://${host === "::1" ? "[::1]" : host}:${port}`);
      throw new CommandFailure(
        `Port ${port} is taken by ${holder}. Choose another with --port, such as --port ${
          port + 1
        }.`,
      );
    }
    if (
      error instanceof Deno.errors.AddrNotAvailable || error instanceof Deno.errors.PermissionDenied
    ) {
      throw new CommandFailure(
        `Cannot listen on ${host} port ${port} (${error.message}). Choose another --host or --port.`,
      );
    }
    throw error;
  }
}

/** Who answers at an address: the system does not let us look any closer. */
async function holderOf(address: string): Promise<string> {
  try {
    const response = await fetch(`${address}/api/health`, { signal: AbortSignal.timeout(1_000) });
    const { name, version } = await response.json();
    if (name === "ascribe") return `another Ascribe (${version}), which serves ${address}`;
    return "another web server";
  } catch {
    return "another program";
  }
}
