import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { EventStreams } from "../../lib/http/event_stream.ts";
import { listen, type Listener } from "../../lib/http/listener.ts";
import type { Handler } from "../../lib/http/secure.ts";
import { createLog } from "../../lib/text/log.ts";
import { SseReader } from "../support/sse.ts";
import { until } from "../support/wait.ts";

const log = createLog("error", { write: () => {} });

async function start(
  handler: Handler,
  closeStreams: (reason: string) => void = () => {},
): Promise<Listener> {
  const outcome = await listen({ host: "127.0.0.1", port: 0, handler, log, closeStreams });
  assert(outcome.kind === "listening");
  return outcome.listener;
}

describe("a listener", () => {
  it("answers where it says, on this machine alone", async () => {
    await using listener = await start(() => new Response("hello"));
    assertMatch(listener.address, /^http:\/\/127\.0\.0\.1:\d+$/);
    assertEquals(await (await fetch(listener.address)).text(), "hello");
  });

  it("ends its streams with a reason before itself", async () => {
    const streams = new EventStreams();
    const listener = await start(
      (request) => streams.answer(request, () => () => {}),
      (reason) => streams.closeAll(reason),
    );
    const reader = new SseReader(await fetch(listener.address));
    await listener[Symbol.asyncDispose]();
    const events = await reader.rest();
    assertEquals(events.map(({ data }) => data), [{ reason: "Ascribe is stopping" }]);
    assertEquals(streams.size, 0);
  });

  it("frees the stream of a client that is gone", async () => {
    const streams = new EventStreams({ heartbeatMs: 10 });
    await using listener = await start((request) => streams.answer(request, () => () => {}));
    const client = new AbortController();
    await fetch(listener.address, { signal: client.signal });
    assertEquals(streams.size, 1);
    client.abort();
    await until(() => streams.size === 0);
  });

  it("stops within two seconds, whatever a request still does", async () => {
    const listener = await start(() => new Promise(() => {}));
    const hanging = fetch(listener.address).catch(() => "cut off");
    await new Promise((resolve) => setTimeout(resolve, 50));
    const since = performance.now();
    await listener[Symbol.asyncDispose]();
    // The request would hang for ever; two seconds are measured by the harness.
    assert(performance.now() - since < 10_000);
    assertEquals(await hanging, "cut off");
  });
});

describe("a port that is taken", () => {
  const attempt = async (port: number) => {
    const handler = () => new Response();
    const outcome = await listen({ host: "127.0.0.1", port, handler, log, closeStreams: () => {} });
    assert(outcome.kind === "portTaken");
    assertStringIncludes(outcome.message, `Port ${port} is taken by `);
    assertStringIncludes(outcome.message, "--port");
    return outcome.message;
  };
  const portOf = (listener: Listener) => Number(new URL(listener.address).port);

  it("by another Ascribe is said to be", async () => {
    await using other = await start(() =>
      Response.json({ status: "ok", name: "ascribe", version: "0.1.0" })
    );
    assertStringIncludes(await attempt(portOf(other)), "another Ascribe (0.1.0)");
  });

  it("by anything else is said to be", async () => {
    await using web = await start(() => Response.json({ hello: "world" }));
    assertStringIncludes(await attempt(portOf(web)), "another web server");
    using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    assertStringIncludes(await attempt(silent.addr.port), "another program");
  });
});

describe("a listener without file descriptors", () => {
  it("keeps the streams it has, and takes requests again once there are some", async () => {
    await using server = await startWithFewDescriptors();
    const reader = new SseReader(await fetch(`${server.address}/stream`));
    const hogs: Deno.Conn[] = [];
    try {
      for (let i = 0; i < 80; i++) {
        hogs.push(await Deno.connect({ hostname: "127.0.0.1", port: server.port }));
      }
    } catch {
      // Refused while it starts anew: there is none left, which is what is wanted.
    }
    await until(() => server.said().includes("Too many open files"));
    for (const hog of hogs) hog.close();
    assert((await reader.next())!.comment !== null);
    let answer = "";
    for (let attempt = 0; attempt < 50 && answer !== "hello"; attempt++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      answer = await fetch(server.address).then((response) => response.text(), String);
    }
    assertEquals(answer, "hello");
    assert((await reader.next())!.comment !== null);
    await reader.leave();
  });
});

/** Starts a listener in a process that may open few files. */
async function startWithFewDescriptors() {
  const folder = await Deno.makeTempDir({ prefix: "ascribe-listener-" });
  const url = (path: string) => JSON.stringify(import.meta.resolve(`../../lib/${path}`));
  await Deno.writeTextFile(
    `${folder}/serve.ts`,
    `import { EventStreams } from ${url("http/event_stream.ts")};
    import { listen } from ${url("http/listener.ts")};
    import { createLog } from ${url("text/log.ts")};
    const streams = new EventStreams({ heartbeatMs: 20 });
    const { listener } = await listen({
      host: "127.0.0.1",
      port: 0,
      handler: (request) =>
        request.url.endsWith("/stream")
          ? streams.answer(request, () => () => {})
          : new Response("hello"),
      log: createLog("error"),
      closeStreams: () => {},
    });
    console.error(listener.address);`,
  );
  const child = new Deno.Command("sh", {
    args: [
      "-c",
      'ulimit -n 64; exec "$0" run -q --no-check -A "$1"',
      Deno.execPath(),
      `${folder}/serve.ts`,
    ],
    stderr: "piped",
  }).spawn();
  let said = "";
  const reading = (async () => {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) said += text;
  })();
  await until(() => said.includes("\n"));
  const address = said.trim().split("\n")[0];
  return {
    address,
    port: Number(new URL(address).port),
    said: () => said,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await child.status;
      await reading;
      await Deno.remove(folder, { recursive: true });
    },
  };
}
