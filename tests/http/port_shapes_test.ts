import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { head, sendRaw } from "../support/raw_http.ts";
import { type RunningServer, startServer } from "../support/server.ts";
import { repositoryIdOf } from "../support/seed.ts";

/** A word of this project's files that no answer has. */
const INSIDE = /"nodeModulesDir"|import\.meta|root:x:0/;

describe("the port, asked in a way that browsers do not", () => {
  let server: RunningServer;
  let own: string[];
  let second: string;

  beforeAll(async () => {
    server = await startServer();
    const { host } = new URL(server.url);
    own = [`Host: ${host}`, `Origin: http://${host}`];
    second = head("GET /api/health", own);
  });
  afterAll(async () => void await server.stop());

  it("answers no request that another one hides", async () => {
    const { length } = second;
    const post = (headers: string[], body = "") =>
      head("POST /api/none", [...own, ...headers]) + body;
    const chunked = "Transfer-Encoding: chunked";
    const shapes: Record<string, string> = {
      "a length and chunks": post(["Content-Length: 6", chunked], `0\r\n\r\n${second}`),
      "chunks and a length": post([chunked, `Content-Length: ${5 + length}`], `0\r\n\r\n${second}`),
      "two lengths": post(["Content-Length: 0", `Content-Length: ${length}`], second),
      "two lengths, the long first": post(
        [`Content-Length: ${length}`, "Content-Length: 0"],
        second,
      ),
      "a list of lengths": post([`Content-Length: 0, ${length}`], second),
      "a signed length": post(["Content-Length: +0"], second),
      "a negative length": post(["Content-Length: -1"], second),
      "a length in hex": post(["Content-Length: 0x0"], second),
      "an overflowing length": post(["Content-Length: 18446744073709551616"], second),
      "a folded header": post(
        ["Transfer-Encoding:\r\n chunked", `Content-Length: ${length}`],
        second,
      ),
      "a folded length": head("GET /api/none", [...own, `X: a\r\n Content-Length: ${length}`]) +
        second,
      "an unknown coding": post(
        ["Transfer-Encoding: xchunked", `Content-Length: ${length}`],
        second,
      ),
      "chunks inside another coding": post(
        ["Transfer-Encoding: chunked, identity"],
        `0\r\n\r\n${second}`,
      ),
      "a space before the colon": post(
        ["Transfer-Encoding : chunked", `Content-Length: ${length}`],
        second,
      ),
      "a carriage return alone": post([`X: a\rContent-Length: ${length}`], second),
      "a NUL in a header": post(["X: a\0"], second),
      "a line feed in a chunk's extension": post([chunked], `0;a\nb\r\n\r\n${second}`),
      "a chunk's size with a sign": post([chunked], `+0\r\n\r\n${second}`),
      "an overflowing chunk": post([chunked], `10000000000000000\r\n\r\n0\r\n\r\n${second}`),
    };
    for (const [name, bytes] of Object.entries(shapes)) {
      const { text, statuses } = await sendRaw(server.url, bytes, { quietMs: 200 });
      assert(statuses.length <= 1, `${name}: ${text}`);
      assert(!text.includes('"ascribe"'), `${name}: ${text}`);
    }
  });

  it("takes a body for a body, and does not read it as a request", async () => {
    const request = head("GET /api/sessions", [...own, `Content-Length: ${second.length}`]) +
      second;
    assertEquals((await sendRaw(server.url, request)).statuses, [200]);
  });

  it("gives away no file beyond its own", async () => {
    const up = [
      "../",
      "..%2f",
      "%2e%2e/",
      "%2e%2e%2f",
      "%252e%252e%252f",
      "..\\",
      "..%5c",
      "..%255c",
    ];
    const targets = [
      ...up.flatMap((it) =>
        ["/", "/_fresh/js/", "/static/"].map((at) => at + it.repeat(3) + "deno.json")
      ),
      ...up.map((it) => `/${it.repeat(12)}etc/passwd`),
      "//deno.json",
      "/deno.json",
      "/main.ts",
      "/static/../main.ts",
      "/base.css/../../deno.json",
      "/deno.json%00.css",
      "/base.css%00",
      "/%c0%ae%c0%ae/deno.json",
      "/%%32%65%%32%65/deno.json",
      "/etc/passwd",
      "/%2fetc%2fpasswd",
      "/file:///etc/passwd",
      "/C:%5Cwindows%5Cwin.ini",
      "/%",
      "/%ff",
    ];
    const answers = await Promise.all(targets.map(async (target) => {
      const request = head(`GET ${target}`, [...own, "Connection: close"]);
      return [target, await sendRaw(server.url, request, { quietMs: 3_000 })] as const;
    }));
    for (const [target, { text, statuses }] of answers) {
      assert([400, 404].includes(statuses[0]) && statuses.length === 1, `${target}: ${text}`);
      assert(!INSIDE.test(text), `${target}: ${text}`);
    }
  });

  it("writes nothing of a request into headers as it came", async () => {
    const evil = "%0d%0aset-cookie:%20owned=1%0d%0a%0d%0a<script>owned()</script>";
    const paths = [
      `/sync?next=${evil}`,
      `/${evil}`,
      `/sessions?cursor=${evil}`,
      `/commits?repository=${evil}`,
      `/commits/${evil}`,
      `/repositories/${evil}`,
      `/repositories/${repositoryIdOf(1)}/${evil}`,
      `/repositories/${repositoryIdOf(1)}/blame?path=${evil}&revision=${evil}`,
      `/projects/${evil}`,
      `/sessions/${evil}`,
      `/search?q=${evil}`,
      `/api/commits/${evil}`,
      `/api/sessions?cursor=${evil}`,
      `/api/repositories/${repositoryIdOf(1)}/blame?path=${evil}`,
    ];
    for (const path of paths) {
      const { text, statuses } = await sendRaw(
        server.url,
        head(`GET ${path}`, [...own, "Connection: close"]),
        {
          quietMs: 3_000,
        },
      );
      assertEquals(statuses.length, 1, path);
      const headers = text.slice(0, text.indexOf("\r\n\r\n")).toLowerCase();
      assert(!/^set-cookie:.*owned/m.test(headers), `${path}: ${headers}`);
      if (headers.includes("text/html")) assert(!text.includes("<script>owned"), path);
    }
  });

  it("sends who asked for a sync back to a page of ours and nowhere else", async () => {
    const own = new URL(server.url).origin;
    const referers: [string, string][] = [
      [`${own}/sessions?q=a`, "/sessions?q=a"],
      ["http://example.org/", "/"],
      [`${own}@example.org/`, "/"],
      [`${own}//example.org/`, "/example.org/"],
      [`${own}/\\example.org`, "/example.org"],
      ["javascript:alert(1)", "/"],
    ];
    for (const [referer, wanted] of referers) {
      const bytes = head("POST /sync", [
        `Host: ${new URL(own).host}`,
        `Origin: ${own}`,
        `Referer: ${referer}`,
        "Content-Length: 0",
        "Connection: close",
      ]);
      const { text } = await sendRaw(server.url, bytes, { quietMs: 3_000 });
      assertEquals(/^location: (.*)\r$/im.exec(text)?.[1], wanted, referer);
    }
  });

  it("refuses what is too large, and goes on", async () => {
    const close = "Connection: close";
    const large: Record<string, [number[], string]> = {
      "an address": [[414], head(`GET /${"a".repeat(9_000)}`, [...own, close])],
      "an endless address": [[400], `GET /${"a".repeat(2 ** 21)}`],
      "a header": [[400], head("GET /", [...own, `X: ${"a".repeat(2 ** 21)}`])],
      "many headers": [[400], head("GET /", [...own, ...Array(5_000).fill("X: a")])],
      "a body that says so": [
        [413],
        head("POST /api/sync/git", [...own, "Content-Length: 1000000000", close]),
      ],
    };
    for (const [name, [wanted, bytes]] of Object.entries(large)) {
      const { text, statuses } = await sendRaw(server.url, bytes, { quietMs: 3_000 });
      assertEquals(statuses, wanted, `${name}: ${text.slice(0, 200)}`);
    }
    const response = await fetch(`${server.url}/settings`, {
      method: "POST",
      headers: { origin: server.url, "content-type": "application/x-www-form-urlencoded" },
      body: new Blob(["a=".padEnd(200_000, "a")]).stream(),
    });
    assertEquals(response.status, 413);
    assertStringIncludes(await response.text(), "64 KB");
  });

  it("tells who sends no form what is wrong", async () => {
    const response = await fetch(`${server.url}/settings`, {
      method: "POST",
      headers: { origin: server.url, "content-type": "text/plain" },
      body: "a",
    });
    assertEquals(response.status, 400);
    assertStringIncludes(await response.text(), "not a form");
  });
});
