/**
 * Serves a sync that does what standard input says, and tells when it did what; or, as `bare`, a stream that says nothing
 * more than that it is there.
 */
import { servePages } from "../../tests/support/page_server.ts";
import { seedStore } from "../../tests/support/seed.ts";

/** What was done, one a line. */
export interface StepTold {
  step: "listening" | "memory" | "scan";
  /** The port, the bytes, or the count of repositories. */
  value: number;
  /** Unix milliseconds. */
  at: number;
}

/** What a server can be told to do. */
interface Staged extends AsyncDisposable {
  port: number;
  begin(): void;
  run(): Promise<void>;
}

const SCANS = 40;

function tell(step: StepTold["step"], value: number): void {
  const at = performance.timeOrigin + performance.now();
  console.log(JSON.stringify({ step, value, at } satisfies StepTold));
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

function serveApp(): Staged {
  const store = seedStore({ sessions: 10, commits: 20 });
  const server = servePages(store);
  const { sync } = server;
  return {
    port: Number(new URL(server.url).port),
    begin() {
      sync.trigger();
      sync.scan(0, SCANS);
    },
    async run() {
      for (let done = 1; done <= SCANS; done++) {
        await pause(20 + (done * 37) % 150);
        sync.scan(done, SCANS);
        tell("scan", done);
      }
      await pause(200);
      for (let done = 0; done <= 5; done++) {
        sync.link(done, 5, done);
        await pause(120);
      }
      sync.finish();
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      store[Symbol.dispose]();
    },
  };
}

function serveBare(): Staged {
  const open = new Set<ReadableStreamDefaultController>();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, () => {
    const body = new ReadableStream({
      start(controller) {
        open.add(controller);
        controller.enqueue(new TextEncoder().encode(": here\n\n"));
      },
    });
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  });
  return {
    port: server.addr.port,
    begin: () => {},
    run() {
      for (const controller of open) controller.close();
      return Promise.resolve();
    },
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

if (import.meta.main) {
  await using server = Deno.args[0] === "bare" ? serveBare() : serveApp();
  tell("listening", server.port);
  for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    for (const word of text.trim().split("\n")) {
      if (word === "begin") server.begin();
      else if (word === "memory") tell("memory", Deno.memoryUsage().rss);
      else if (word === "run") await server.run();
    }
  }
}
