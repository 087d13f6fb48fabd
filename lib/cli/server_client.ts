import type { SyncCounters, SyncDone } from "../domain/sync_model.ts";
import type { RepoFailure } from "../sync/events.ts";

import { CommandFailure } from "./command.ts";
import type { Output } from "./output.ts";
import { SyncProgress } from "./sync_progress.ts";

/**
 * Has the server that owns the data folder change something.
 *
 * @throws {CommandFailure} If it does not answer or refuses.
 */
export async function requestServer(
  address: string,
  { path, method, token, body }: {
    path: string;
    method: "PUT" | "DELETE";
    /** What the server asks for, if anything. */
    token: string | null;
    body?: unknown;
  },
): Promise<void> {
  let response: Response;
  try {
    response = await fetch(address + path, {
      method,
      headers: {
        ...ownHeaders(address, token),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (cause) {
    throw new CommandFailure(
      `Ascribe at ${address} does not answer. Look at its log, then try again.`,
      { cause },
    );
  }
  const { message } = await answerOf(response);
  if (!response.ok) throw new CommandFailure(message ?? `Ascribe at ${address} refused.`);
}

/** What a server said, as far as it is an answer of Ascribe's: another program may have taken its port. */
async function answerOf(response: Response): Promise<{ message?: string; runId?: number }> {
  try {
    return Object(await response.json());
  } catch {
    return {};
  }
}

/** What shows a server that its own user asks: the guard lets nobody change anything who does not name its origin. */
function ownHeaders(address: string, token: string | null): Record<string, string> {
  return { origin: address, ...(token !== null && { authorization: `Bearer ${token}` }) };
}

/** One event of a stream. */
export interface StreamEvent {
  type: string;
  data: unknown;
}

/**
 * Reads `text/event-stream` until it ends; comments are passed over.
 *
 * @throws {SyntaxError} If an event's data is not JSON.
 */
async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent> {
  let type = "message";
  let data: string[] = [];
  for await (const line of linesOf(body)) {
    if (line === "") {
      if (data.length > 0) yield { type, data: JSON.parse(data.join("\n")) };
      type = "message";
      data = [];
      continue;
    }
    const [, field, value] = /^([^:]*):? ?(.*)$/s.exec(line)!;
    if (field === "event") type = value;
    if (field === "data") data.push(value);
  }
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  const text = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>);
  for await (const chunk of text) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop()!;
    yield* lines.map((line) => line.replace(/\r$/, ""));
  }
}

/** How a run that a server made for us ended. */
export type RemoteOutcome =
  | { kind: "done"; runId: number; done: SyncDone; failures: RepoFailure[] }
  | { kind: "failed"; runId: number; message: string }
  /** We were told to stop; a run that we had started was cancelled. */
  | { kind: "stopped" };

/** What the server is asked for. */
export interface RemoteOrder {
  /** The server's address, such as `http://127.0.0.1:47892`. */
  address: string;
  /** What the server asks for, if anything. */
  token: string | null;
  path: "/api/sync/git" | "/api/indexing/rebuild";
  output: Output;
  signal: AbortSignal;
}

/**
 * Has a running server sync, and shows how far it is. A sync that somebody else has started is watched instead.
 *
 * @throws {CommandFailure} If the server does not answer or refuses.
 */
export async function runRemotely(order: RemoteOrder): Promise<RemoteOutcome> {
  const { address, path, output, signal } = order;
  const started = await ask(order, path, { method: "POST" });
  const answer = await answerOf(started);
  const ours = started.status === 202;
  if (!ours && started.status !== 409) throw refusal(address, answer);
  output.log(
    ours
      ? `Ascribe at ${address} is at work.`
      : `Ascribe at ${address} is syncing already: this is its progress.`,
  );
  try {
    return await follow(order, ours ? answer.runId ?? null : null);
  } catch (error) {
    if (!signal.aborted) throw error;
    if (ours) await fetch(`${address}/api/sync/git`, request(order, { method: "DELETE" }));
    return { kind: "stopped" };
  }
}

async function follow(order: RemoteOrder, runId: number | null): Promise<RemoteOutcome> {
  const progress = new SyncProgress(order.output);
  using reading = watchReading(order, progress);
  const response = await ask(order, "/api/sync/git/progress");
  if (response.body === null) throw lost(order.address);
  for await (const { type, data } of readEvents(response.body)) {
    reading.quiet(type !== "scanning" || (data as SyncCounters).totalRepos > 0);
    switch (type) {
      case "scanning":
        progress.scanning(data as SyncCounters);
        break;
      case "correlating":
        progress.correlating(data as SyncCounters);
        break;
      case "done":
        return { kind: "done", done: data as SyncDone, ...await storedRun(order, runId) };
      case "error": {
        const { message } = data as { message: string };
        return { kind: "failed", runId: (await storedRun(order, runId)).runId, message };
      }
    }
  }
  throw lost(order.address);
}

/** Shows how far reading the transcripts came, until told to be quiet or disposed of. */
function watchReading(order: RemoteOrder, progress: SyncProgress) {
  const stop = new AbortController();
  let quiet = false;
  const read = async () => {
    const signal = AbortSignal.any([stop.signal, order.signal]);
    const response = await fetch(`${order.address}/api/indexing/progress`, {
      ...request(order, {}),
      signal,
    });
    for await (const { type, data } of readEvents(response.body!)) {
      const counts = data as { filesDone: number; filesTotal: number };
      if (!quiet && (type === "discovering" || type === "indexing")) progress.reading(counts);
    }
  };
  // The run's own stream says how it ends; this one may break off without harm.
  read().catch(() => {});
  return {
    quiet(value: boolean) {
      quiet = value;
    },
    [Symbol.dispose]: () => stop.abort(),
  };
}

/** The run as the server has stored it: what the stream's last event leaves out. */
async function storedRun(
  order: RemoteOrder,
  runId: number | null,
): Promise<{ runId: number; failures: RepoFailure[] }> {
  const { items } = await (await ask(order, "/api/sync/runs?limit=20")).json() as {
    items: { id: number; kind: string; failures: RepoFailure[] }[];
  };
  const run = items.find(({ id, kind }) => runId === null ? kind === "user" : id === runId);
  return { runId: run?.id ?? runId ?? 0, failures: run?.failures ?? [] };
}

async function ask(
  order: RemoteOrder,
  path: string,
  options: RequestInit = {},
): Promise<Response> {
  const { address, signal } = order;
  try {
    return await fetch(address + path, { ...request(order, options), signal });
  } catch (error) {
    if (signal.aborted) throw error;
    throw lost(address, error);
  }
}

function request({ address, token }: RemoteOrder, options: RequestInit): RequestInit {
  return { ...options, headers: ownHeaders(address, token) };
}

function refusal(address: string, answer: unknown): CommandFailure {
  const { message } = answer as { message?: string };
  return new CommandFailure(`Ascribe at ${address} refused: ${message ?? "it did not say why"}`);
}

function lost(address: string, cause?: unknown): CommandFailure {
  return new CommandFailure(
    `Ascribe at ${address} stopped answering. Look at its log, then try again.`,
    { cause },
  );
}
