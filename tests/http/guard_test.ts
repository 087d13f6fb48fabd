import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { guard, isApi } from "../../lib/http/guard.ts";

function statusOf(
  method: string,
  path: string,
  headers: Record<string, string> = {},
): number | null {
  const withHost = { host: "127.0.0.1:47892", ...headers };
  const request = new Request(`http://127.0.0.1:47892${path}`, { method, headers: withHost });
  return guard(request)?.status ?? null;
}

describe("Host", () => {
  it("may be this machine, on any port", () => {
    const hosts = ["127.0.0.1", "localhost", "[::1]", "LocalHost", "127.0.0.1:1", "[::1]:65535"];
    for (const host of hosts) assertEquals(statusOf("GET", "/", { host }), null, host);
  });

  it("may be nothing else", () => {
    const hosts = [
      "example.org",
      "127.0.0.1.example.org",
      "localhost.example.org",
      "example.org:47892",
      "localhost.",
      "127.0.0.2",
      "127.1",
      "0.0.0.0",
      "2130706433",
      "0x7f000001",
      "[::ffff:127.0.0.1]",
      "[::]",
      "::1",
      "localhost:abc",
      "localhost:1:2",
      "user@localhost",
      "localhost/",
      "",
    ];
    for (const host of hosts) {
      assertEquals(statusOf("GET", "/", { host }), 421, host);
      assertEquals(statusOf("GET", "/api/status", { host }), 421, host);
      const origin = `http://${host}`;
      assertEquals(statusOf("POST", "/api/sync/git", { host, origin }), 421, host);
    }
  });

  it("may not be missing", () => {
    assertEquals(guard(new Request("http://127.0.0.1:47892/"))?.status, 421);
  });
});

describe("a client", () => {
  const request = (headers: Record<string, string> = {}) =>
    new Request("http://127.0.0.1:47892/", { headers: { host: "127.0.0.1:47892", ...headers } });
  const from = (hostname: string): Deno.NetAddr => ({ transport: "tcp", hostname, port: 50_000 });
  const local: Deno.Addr[] = [
    ...["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"].map(from),
    { transport: "unix", path: "/run/ascribe.sock" },
  ];
  const remote: Deno.Addr[] = [
    ...[
      "192.168.1.7",
      "10.0.0.1",
      "0.0.0.0",
      "::",
      "fe80::1",
      "::ffff:10.0.0.1",
      "127.0.0.1.example",
    ]
      .map(from),
    { transport: "vsock", cid: 2, port: 1 },
  ];

  it("is on this machine, by the address of its connection", () => {
    for (const client of local) assertEquals(guard(request(), { client }), null);
    for (const client of remote) assertEquals(guard(request(), { client })?.status, 403);
  });

  it("is not behind a proxy, which may stand for anybody", () => {
    for (const name of ["Forwarded", "X-Forwarded-For", "x-forwarded-host", "Via"]) {
      assertEquals(guard(request({ [name]: "1.1 somewhere" }), { client: local[0] })?.status, 403);
    }
  });

  it("may be anywhere if it has to show a token", () => {
    for (const client of remote) {
      assertEquals(guard(request({ via: "1.1 proxy" }), { client, withToken: true }), null);
    }
  });

  it("may come over https if it has to show a token, since a proxy may encrypt", () => {
    const headers = { host: "ascribe.example", origin: "https://ascribe.example" };
    const post = new Request("http://ascribe.example/api/sync/git", { method: "POST", headers });
    assertEquals(guard(post, { withToken: true }), null);
    const other = new Headers({ ...headers, origin: "https://other.example" });
    const foreign = new Request(post, { headers: other });
    assertEquals(guard(foreign, { withToken: true })?.status, 403);
    const local = { host: "localhost", origin: "https://localhost" };
    const plain = new Request("http://localhost/api/sync/git", { method: "POST", headers: local });
    assertEquals(guard(plain)?.status, 403);
  });
});

describe("what changes anything", () => {
  const methods = ["POST", "PUT", "DELETE", "PATCH"];

  it("comes from our own pages", () => {
    for (const method of methods) {
      const origin = "http://127.0.0.1:47892";
      assertEquals(statusOf(method, "/api/sync/git", { origin }), null);
      assertEquals(statusOf(method, "/sync", { origin }), null);
      assertEquals(statusOf(method, "/api/sync/git", { "sec-fetch-site": "same-origin" }), null);
    }
    const local = { host: "localhost:8080", origin: "http://localhost:8080" };
    assertEquals(statusOf("POST", "/api/sync/git", local), null);
  });

  it("does not come from anywhere else", () => {
    const foreign: Record<string, string>[] = [
      {},
      { origin: "http://example.org" },
      { origin: "null" },
      { origin: "https://127.0.0.1:47892" },
      { origin: "http://127.0.0.1:1" },
      { origin: "http://localhost:47892" },
      { origin: "http://127.0.0.1:47892.example.org" },
      { origin: "http://example.org", "sec-fetch-site": "same-origin" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { "sec-fetch-site": "none" },
    ];
    for (const method of methods) {
      for (const headers of foreign) {
        assertEquals(statusOf(method, "/api/sync/git", headers), 403, JSON.stringify(headers));
        assertEquals(statusOf(method, "/sync", headers), 403, JSON.stringify(headers));
      }
    }
  });
});

describe("reads", () => {
  it("of the API are not for pages of other sites", () => {
    const foreign: Record<string, string>[] = [
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { origin: "http://example.org" },
    ];
    for (const headers of foreign) {
      for (const path of ["/api/sessions", "/api/events", "//api/sessions", "/metrics"]) {
        assertEquals(statusOf("GET", path, headers), 403, path);
        assertEquals(statusOf("HEAD", path, headers), 403, path);
      }
      assertEquals(statusOf("GET", "/sessions", headers), null);
    }
  });

  it("of the API are for our pages, for the address bar and for programs", () => {
    for (const site of ["same-origin", "none"]) {
      assertEquals(statusOf("GET", "/api/sessions", { "sec-fetch-site": site }), null);
    }
    assertEquals(statusOf("GET", "/api/sessions"), null);
    assertEquals(statusOf("GET", "/api/sessions", { origin: "http://127.0.0.1:47892" }), null);
  });

  it("of an address whose escapes are no text are refused", () => {
    for (const path of ["/%", "/sessions/%zz", "/api/commits/%ff", "/commits/%ED%A0%80"]) {
      assertEquals(statusOf("GET", path), 400, path);
    }
    assertEquals(statusOf("GET", "/sessions/%25?text=%"), null);
  });

  it("of an endless address are refused", () => {
    assertEquals(statusOf("GET", `/${"a".repeat(9000)}`), 414);
  });
});

describe("isApi", () => {
  it("knows the API's addresses from pages", () => {
    for (
      const path of ["/api", "/api/", "/api/x", "//api/x", "/%61pi/x", "/metrics", "/metrics/"]
    ) {
      assertEquals(isApi(path), true, path);
    }
    for (const path of ["/", "/apiary", "/metrics/x", "/sessions/api/"]) {
      assertEquals(isApi(path), false, path);
    }
  });
});
