import { assert, assertEquals } from "@std/assert";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { type RunningServer, startServer } from "../support/server.ts";

/** What browsers say of a request that another site's page makes, and what one says that hides where it is from. */
const STRANGERS: Record<string, string>[] = [
  { origin: "http://example.org", "sec-fetch-site": "cross-site" },
  { origin: "null", "sec-fetch-site": "cross-site" },
  { origin: "null" },
  { "sec-fetch-site": "same-site" },
  { "sec-fetch-site": "none" },
  { origin: "http://127.0.0.1:1", "sec-fetch-site": "same-site" },
  {},
];

const WRITES: [method: string, path: string][] = [
  ["POST", "/sync"],
  ["POST", "/settings"],
  ["POST", "/repositories"],
  ["POST", "/api/sync/git"],
  ["DELETE", "/api/sync/git"],
  ["POST", "/api/indexing/rebuild"],
  ["PUT", "/api/settings/git-sync-interval"],
  ["PUT", "/api/repositories/aliases"],
  ["DELETE", "/api/data"],
  ["PATCH", "/api/data"],
  ["POST", "/%61pi/sync/git"],
];

const BODIES: [type: string, body: string][] = [
  ["application/x-www-form-urlencoded", "setting=erase&word=erase"],
  [
    "multipart/form-data; boundary=x",
    '--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n',
  ],
  ["text/plain", '{"seconds":5}'],
  ["application/json", '{"seconds":5}'],
];

describe("a page of another site", () => {
  let server: RunningServer;

  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(async () => void await server.stop());

  /** How many runs somebody asked for: the server's own may begin meanwhile. */
  const runs = async () => {
    const { items } = await (await fetch(`${server.url}/api/sync/runs`)).json();
    return items.filter(({ kind }: { kind: string }) => kind === "user").length;
  };

  it("changes nothing, with any method and any form", async () => {
    const before = await runs();
    for (const [method, path] of WRITES) {
      for (const headers of STRANGERS) {
        for (const [type, body] of BODIES) {
          const response = await fetch(server.url + path, {
            method,
            body,
            headers: { ...headers, "content-type": type },
            redirect: "manual",
          });
          await response.body?.cancel();
          assertEquals(response.status, 403, `${method} ${path} ${JSON.stringify(headers)}`);
        }
      }
    }
    assertEquals(await runs(), before);
  });

  it("does not get round it with a method in a header, a parameter or a form", async () => {
    for (
      const path of [
        "/api/sync/git",
        "/api/data?_method=DELETE",
        "/sync",
        "/settings?setting=erase",
      ]
    ) {
      const response = await fetch(server.url + path, {
        headers: { "x-http-method-override": "DELETE", "sec-fetch-site": "cross-site" },
        redirect: "manual",
      });
      await response.body?.cancel();
      assert(
        [302, 303, 200, 403, 404, 405].includes(response.status),
        `${path} ${response.status}`,
      );
    }
    assertEquals((await fetch(`${server.url}/api/health`)).status, 200);
  });

  it("reads neither the API nor a stream", async () => {
    const paths = [
      "/api/sessions",
      "/api/events",
      "/api/sync/git/progress",
      "/api/indexing/progress",
      "/api/openapi.json",
      "/metrics",
    ];
    for (const path of paths) {
      for (const headers of STRANGERS.slice(0, 4)) {
        const response = await fetch(server.url + path, { headers });
        assertEquals(response.status, 403, `${path} ${JSON.stringify(headers)}`);
        assertEquals(response.headers.get("access-control-allow-origin"), null);
        await response.body?.cancel();
      }
    }
  });

  it("is told by no preflight that it may", async () => {
    for (const [, path] of WRITES) {
      const response = await fetch(server.url + path, {
        method: "OPTIONS",
        headers: {
          origin: "http://example.org",
          "access-control-request-method": "PUT",
          "access-control-request-private-network": "true",
        },
      });
      await response.body?.cancel();
      for (const [name] of response.headers) {
        assert(!name.startsWith("access-control-"), `${path}: ${name}`);
      }
    }
  });

  it("cannot show ours in a frame, embed it or keep a hold on its window", async () => {
    const paths = ["/", "/sessions", "/settings", "/nothing", "/api/health", "/base.css", "/%00"];
    for (const path of paths) {
      const response = await fetch(server.url + path);
      await response.body?.cancel();
      const { headers } = response;
      assertEquals(headers.get("x-frame-options"), "DENY", path);
      assertEquals(headers.get("cross-origin-resource-policy"), "same-origin", path);
      assertEquals(headers.get("cross-origin-opener-policy"), "same-origin", path);
      assertEquals(headers.get("x-content-type-options"), "nosniff", path);
      const policy = headers.get("content-security-policy")!;
      assert(policy.includes("frame-ancestors 'none'"), policy);
      assert(policy.includes("default-src 'none'") && !policy.includes("unsafe"), policy);
    }
  });
});
