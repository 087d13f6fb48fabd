import { type ServerListener, ServerStreams } from "./server_streams.ts";
import { type SyncInput, wantsProgress } from "../domain/sync_model.ts";

/** What tabs tell one another. */
type TabMessage =
  | { kind: "input"; input: SyncInput; to?: string }
  | { kind: "changed" }
  /** A tab that has just opened asks how things stand. */
  | { kind: "hello"; from: string };

const NAME = "ascribe-events";

/**
 * A tab's line to the server. A browser allows about six connections to one origin, so of all open tabs one holds them
 * (Web Locks) and relays what it hears to the others (BroadcastChannel). Where either is missing each tab has its own.
 */
export class TabLine {
  #listener: ServerListener;
  #streams: ServerStreams | null = null;
  #channel: BroadcastChannel | null = null;
  #leave: (() => void) | null = null;
  #id = crypto.randomUUID();

  constructor(listener: ServerListener) {
    this.#listener = listener;
  }

  join(): void {
    if (!("locks" in navigator) || !("BroadcastChannel" in globalThis)) return this.#lead();
    const left = new AbortController();
    const released = new Promise<void>((resolve) => {
      this.#leave = () => {
        left.abort();
        resolve();
      };
    });
    this.#channel = new BroadcastChannel(NAME);
    this.#channel.onmessage = ({ data }) => this.#hear(data);
    this.#channel.postMessage({ kind: "hello", from: this.#id } satisfies TabMessage);
    navigator.locks.request(NAME, { signal: left.signal }, () => {
      this.#lead();
      return released;
    }).catch((error) => {
      if (error.name !== "AbortError") this.#lead();
    });
  }

  /** Gives up the line, so that another tab takes it. */
  leave(): void {
    this.#streams?.close();
    this.#streams = null;
    this.#leave?.();
    this.#leave = null;
    this.#channel?.close();
    this.#channel = null;
  }

  /** Tells the other tabs what this one has learnt itself. */
  tell(input: SyncInput): void {
    this.#channel?.postMessage({ kind: "input", input } satisfies TabMessage);
  }

  /** Opens or closes the connections that this tab holds, as its state wants them. */
  follow(): void {
    this.#streams?.follow();
  }

  #lead(): void {
    const relay = (message: TabMessage) => this.#channel?.postMessage(message);
    this.#streams = new ServerStreams({
      state: () => this.#listener.state(),
      input: (input) => {
        this.#listener.input(input);
        relay({ kind: "input", input });
      },
      changed: () => {
        this.#listener.changed();
        relay({ kind: "changed" });
      },
    });
    this.#streams.open();
  }

  #hear(message: TabMessage): void {
    switch (message.kind) {
      case "changed":
        return this.#listener.changed();
      case "input":
        if (message.to !== undefined && message.to !== this.#id) return;
        this.#listener.input(message.input);
        return this.#streams?.follow();
      case "hello":
        return this.#answer(message.from);
      default:
        message satisfies never;
    }
  }

  #answer(to: string): void {
    if (this.#streams === null) return;
    for (const input of snapshot(this.#listener)) {
      this.#channel?.postMessage({ kind: "input", input, to } satisfies TabMessage);
    }
  }
}

/** The inputs that bring a tab that knows nothing to where this one is. */
function snapshot(listener: ServerListener): SyncInput[] {
  const state = listener.state();
  const { phase, runId, counters, reading } = state;
  const connection: SyncInput = { type: state.offline ? "offline" : "online" };
  if (!wantsProgress(state)) return [connection, { type: "quiet" }];
  const inputs: SyncInput[] = [connection, { type: "running" }];
  if (phase === "scanning" || phase === "correlating") {
    inputs.push({ type: phase, runId, counters });
  }
  if (reading !== null) inputs.push({ type: "reading", ...reading });
  return inputs;
}
