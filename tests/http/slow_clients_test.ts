import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { receiveBody } from "../../lib/http/body.ts";
import { connectTo } from "../support/raw_http.ts";
import { startServer } from "../support/server.ts";
import { FULL, report } from "../support/harness.ts";

/** How many connections that never end what they began are open at once. */
const IDLE = FULL ? 10_000 : 300;
/** How many of them a client opens at once. */
const AT_ONCE = 100;
/** How long the program may take to end, in milliseconds: two seconds, or four beside all the other tests. */
const END_MS = FULL ? 2_000 : 4_000;

describe("a client that takes its time", () => {
  it(`keeps nobody waiting, not ${IDLE} of them, and keeps the program from ending no more`, async () => {
    // A third says nothing, a third stops within a head, a third within a body.
    await holdConnections([() => "", halfAHead, halfABody]);
  });

  it(`keeps the program from ending no more where ${IDLE} stop within a body`, async () => {
    await holdConnections([halfABody]);
  });

  it("is told that its body did not arrive in time", async () => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    writer.write(new TextEncoder().encode('{"seconds":')).catch(() => {});
    const request = new Request("http://127.0.0.1/", {
      method: "PUT",
      headers: { "content-type": "application/json", "content-length": "14" },
      body: readable,
    });
    const received = await receiveBody(request, { withinMs: 30 });
    assert(received.kind === "refused");
    assertEquals(received.status, 408);
    await writer.abort().catch(() => {});
  });
});

type Beginning = (url: string) => string;

const halfAHead: Beginning = (url) => `GET / HTTP/1.1\r\nHost: ${new URL(url).host}\r\nX: `;

const halfABody: Beginning = (url) =>
  `POST /settings HTTP/1.1\r\nHost: ${new URL(url).host}\r\nOrigin: ${url}\r\nContent-Type: ` +
  "application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\na=";

/** Opens connections that begin like this, sees that pages come, and ends the program. */
async function holdConnections(beginnings: Beginning[]): Promise<void> {
  const server = await startServer();
  const began = beginnings.map((begin) => new TextEncoder().encode(begin(server.url)));
  const idle: Deno.TcpConn[] = [];
  try {
    while (idle.length < IDLE) {
      const opening = Array.from({ length: AT_ONCE }, () => connectTo(server.url));
      idle.push(...await Promise.all(opening));
    }
    await Promise.all(idle.map((connection, i) => connection.write(began[i % began.length])));
    for (const path of ["/api/health", "/", "/api/status"]) {
      const response = await fetch(server.url + path, { signal: AbortSignal.timeout(5_000) });
      await response.body?.cancel();
      assertEquals(response.status, 200, path);
    }
    const before = performance.now();
    const { code } = await server.stop();
    const took = performance.now() - before;
    assertEquals(code, 0, server.output());
    assert(took < END_MS, `${took} ms`);
    report(`${IDLE} idle connections: pages came, and the program ended in ${Math.round(took)} ms`);
  } finally {
    for (const connection of idle) connection.close();
    await server.stop();
  }
}
