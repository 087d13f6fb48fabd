import type { Config } from "../../domain/settings.ts";

import { listen, type Listener } from "../../http/listener.ts";
import type { Handler } from "../../http/secure.ts";
import { streamsOf } from "../../http/streams.ts";
import { createLog, type Log } from "../../text/log.ts";
import { type Call, type Command, CommandFailure, EXIT } from "../command.ts";
import { openServing, type Serving } from "../serving.ts";
import { heldMessage, makeFolder } from "../with_lock.ts";

/** How long the first sync waits for somebody to open the first page. */
const FIRST_SYNC_MS = 1_000;
/** How long it then waits for that page, and what the page asks for, to be sent. */
const FIRST_PAGE_MS = 200;

/** `ascribe serve` */
export const serve: Command = {
  name: "serve",
  summary: "Serve the dashboard, and sync in the background",
  usage: "serve [--port NUMBER]",
  details:
    "Serves the dashboard on this machine alone, and syncs now and every minute. Where there is\n" +
    "no session, it shows a sample workspace until there is one. Ctrl-C ends it.",
  flags: {},
  words: { min: 0, max: 0 },
  stops: true,
  runsGit: true,
  async run(call) {
    const { config, output, host, signal } = call;
    const log = createLog(config.logLevel, { write: (line) => output.log(line) });
    makeFolder(config.dataDir);
    await using serving = await open(config, log);
    const { handler, answered } = withFirstAnswer(await host.handlerFor(serving));
    await using listener = await startListening(call, { serving, handler, log });
    output.print(`Ascribe is at ${listener.address}`);
    if (serving.sample) {
      output.print(
        "No agent's sessions were found, so this is sample data. Settings shows where Ascribe looks.",
      );
    }
    output.print("Press Ctrl-C to stop.");
    await serving.begin(
      listener.address,
      Promise.race([answered, pause(FIRST_SYNC_MS), stopped(signal)]),
    );
    await stopped(signal);
    output.log("Stopping.");
    return EXIT.ok;
  },
};

async function open(config: Config, log: Log): Promise<Serving> {
  const outcome = await openServing(config, log);
  switch (outcome.kind) {
    case "opened":
      return outcome.serving;
    case "held": {
      const address = outcome.owner?.address ?? null;
      throw new CommandFailure(
        address === null
          ? heldMessage(config.dataDir, outcome.owner)
          : `Ascribe is serving ${config.dataDir} already, at ${address}. Open that, or name another --data-dir and --port.`,
      );
    }
    case "failed":
      throw new CommandFailure(outcome.message);
    default:
      return outcome satisfies never;
  }
}

async function startListening(
  { config: { host, port } }: Call,
  { serving, handler, log }: { serving: Serving; handler: Handler; log: Log },
): Promise<Listener> {
  const closeStreams = (reason: string) => streamsOf(serving).closeAll(reason);
  const outcome = await listen({ host, port, handler, log, closeStreams });
  if (outcome.kind !== "listening") throw new CommandFailure(outcome.message);
  return outcome.listener;
}

/** A handler, and when its first answer was sent. */
function withFirstAnswer(handler: Handler): { handler: Handler; answered: Promise<void> } {
  const first = Promise.withResolvers<void>();
  let isFirst = true;
  return {
    answered: first.promise,
    handler: async (request, info) => {
      const response = await handler(request, info);
      if (isFirst) Deno.unrefTimer(setTimeout(first.resolve, FIRST_PAGE_MS));
      isFirst = false;
      return response;
    },
  };
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => Deno.unrefTimer(setTimeout(resolve, ms)));
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
