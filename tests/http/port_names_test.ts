import { assertEquals, assertStringIncludes } from "@std/assert";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { head, sendRaw } from "../support/raw_http.ts";
import { type RunningServer, startServer } from "../support/server.ts";

/** Names under which nobody may reach the server, whatever they resolve to; `PORT` is its own. */
const FOREIGN = [
  "example.org",
  "example.org:PORT",
  "127.0.0.1.example.org:PORT",
  "localhost.example.org:PORT",
  "localhost.:PORT",
  "localhost..",
  "localhost:",
  "localhost:99999",
  "localhost:-1",
  "localhost:1:2",
  "local\u212aost",
  "localhost%00",
  "xn--localhost",
  "ip6-localhost:PORT",
  "user@localhost:PORT",
  "localhost:PORT@example.org",
  "localhost#@example.org",
  "localhost/",
  "localhost, example.org",
  "127.0.0.1:99999",
  "127.0.0.1.",
  "127.0.0.2:PORT",
  "127.1:PORT",
  "127.0.1:PORT",
  "0:PORT",
  "0.0.0.0:PORT",
  "2130706433:PORT",
  "017700000001:PORT",
  "0177.0.0.1:PORT",
  "0x7f000001:PORT",
  "0x7f.0.0.1:PORT",
  "127。0。0。1",
  "::1",
  "[::]:PORT",
  "[0:0:0:0:0:0:0:1]:PORT",
  "[::0001]:PORT",
  "[::ffff:127.0.0.1]:PORT",
  "[::ffff:7f00:1]:PORT",
  "[::1%25lo]:PORT",
  "",
];

describe("the port", () => {
  let server: RunningServer;
  let host: string;
  let port: string;

  beforeAll(async () => {
    server = await startServer();
    ({ host, port } = new URL(server.url));
  });
  afterAll(async () => void await server.stop());

  const ask = (first: string, headers: string[]) =>
    sendRaw(server.url, head(first, [...headers, "Connection: close"]), { quietMs: 3_000 });

  it("answers under its own names, in any case and on any port", async () => {
    for (const name of ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"]) {
      for (const own of [name, `${name}:${port}`]) {
        const { statuses } = await ask("GET /api/health", [`Host: ${own}`]);
        assertEquals(statuses, [200], own);
      }
    }
  });

  it("answers under no other, whatever it resolves to", async () => {
    const answers = await Promise.all(FOREIGN.map(async (name) => {
      const spelled = name.replaceAll("PORT", port);
      const { text, statuses } = await ask("GET /api/sessions", [`Host: ${spelled}`]);
      return [spelled, statuses, text] as const;
    }));
    for (const [name, [status, ...more], text] of answers) {
      assertEquals([more, status === 421 || status === 400], [[], true], `${name}: ${text}`);
      // What the HTTP parser itself refuses has no body at all.
      if (status === 421) assertStringIncludes(text, "content-security-policy: default-src 'none'");
      assertEquals(text.includes("items"), false);
    }
  });

  it("does not take one name for another", async () => {
    const own = `Host: ${host}`;
    const foreign = "Host: example.org";
    const cases: [string, string[]][] = [
      ["GET /api/health", []],
      ["GET /api/health", [own, foreign]],
      ["GET /api/health", [foreign, own]],
      ["GET /api/health", [own, own]],
      ["GET /api/health", [foreign, `X-Forwarded-Host: ${host}`]],
      ["GET /api/health", [foreign, `Forwarded: host=${host}`]],
      [`GET http://${host}/api/health`, [foreign]],
      ["GET http://example.org/api/health", [own]],
      ["GET http://example.org/api/health", [foreign]],
      [`GET http://${host}@example.org/api/health`, [own]],
      [`GET http://example.org:${port}/api/health`, [own]],
      ["CONNECT example.org:443", [own]],
    ];
    for (const [first, headers] of cases) {
      const { text, statuses } = await ask(first, headers);
      assertEquals(statuses.length, 1, text);
      assertEquals([400, 403, 421].includes(statuses[0]), true, `${first} ${headers}: ${text}`);
    }
  });

  it("asks HTTP/1.0 for its name as well", async () => {
    const answer = await sendRaw(server.url, "GET /api/health HTTP/1.0\r\n\r\n");
    assertStringIncludes(answer.text, "421 Misdirected Request");
  });
});
