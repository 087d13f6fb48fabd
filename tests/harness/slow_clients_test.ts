import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { receiveBody } from "../../lib/http/body.ts";
import { connectTo } from "../support/raw_http.ts";
import { startServer } from "../support/server.ts";
import { report, scaled } from "./scale.ts";

/** How many connections that never end what they began are open at once: 10,000 in full. */
const IDLE = scaled(10_000);
/** How many of them a client opens at once. */
const AT_ONCE = 100;

describe("a client that takes its time", () => {
  it(`keeps nobody waiting, not ${IDLE} of them, and keeps the program from ending no more`, async () => {
    const server = await startServer();
    const { host } = new URL(server.url);
    const idle: Deno.TcpConn[] = [];
    try {
      while (idle.length < IDLE) {
        const opening = Array.from({ length: AT_ONCE }, () => connectTo(server.url));
        idle.push(...await Promise.all(opening));
      }
      // A third said nothing, a third stopped within a head, a third within a body.
      const began = [
        "",
        `GET / HTTP/1.1\r\nHost: ${host}\r\nX: `,
        `POST /settings HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${server.url}\r\nContent-Type: ` +
        "application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\na=",
      ];
      await Promise.all(
        idle.map((connection, i) =>
          connection.write(new TextEncoder().encode(began[i % began.length]))
        ),
      );
      for (const path of ["/api/health", "/", "/api/status"]) {
        const response = await fetch(server.url + path, { signal: AbortSignal.timeout(5_000) });
        await response.body?.cancel();
        assertEquals(response.status, 200, path);
      }
      const before = performance.now();
      const { code } = await server.stop();
      const took = performance.now() - before;
      assertEquals(code, 0, server.output());
      assert(took < 4_000, `${took} ms`);
      report(
        `${IDLE} idle connections: pages came, and the program ended in ${Math.round(took)} ms`,
      );
    } finally {
      for (const connection of idle) connection.close();
      await server.stop();
    }
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
