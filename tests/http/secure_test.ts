import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { MAX_BODY_BYTES, readJson } from "../../lib/http/body.ts";
import { errorResponse } from "../../lib/http/errors.ts";
import { type Handler, secure } from "../../lib/http/secure.ts";
import { type Database, openDatabase } from "../../lib/store/database.ts";
import { app, createApp } from "../../main.ts";
import { withFileRoutes } from "../support/file_routes.ts";
import { localRequest, presetServices } from "../support/services.ts";

const OWN = { origin: "http://127.0.0.1:47892" };

async function answer(handler: Handler, path: string, init?: RequestInit): Promise<Response> {
  return await secure(handler, { onError: () => {} })(localRequest(path, init));
}

function assertSecured(response: Response): void {
  const policy = response.headers.get("content-security-policy")!;
  assertStringIncludes(policy, "default-src 'none'");
  assertStringIncludes(policy, "frame-ancestors 'none'");
  assert(!policy.includes("unsafe"), policy);
  assertEquals(response.headers.get("x-content-type-options"), "nosniff");
  assertEquals(response.headers.get("x-frame-options"), "DENY");
  assertEquals(response.headers.get("cross-origin-resource-policy"), "same-origin");
}

describe("whatever the handler does", () => {
  const handlers: [string, Handler][] = [
    ["answers", () => new Response("ok")],
    ["redirects", () => Response.redirect("http://127.0.0.1:47892/")],
    ["says nothing", () => new Response(null, { status: 204 })],
    ["fails", () => errorResponse(404)],
    ["throws", () => Promise.reject(new Error("secret"))],
  ];
  for (const [what, handler] of handlers) {
    it(`has the security headers when it ${what}`, async () => {
      for (const path of ["/", "/api/status"]) assertSecured(await answer(handler, path));
    });
  }

  it("tells nobody what was thrown but the log", async () => {
    const heard: unknown[] = [];
    const thrown = new Error("secret");
    const handler = secure(() => Promise.reject(thrown), { onError: (error) => heard.push(error) });
    for (const path of ["/", "/api/status"]) {
      const response = await handler(localRequest(path));
      assertEquals(response.status, 500);
      assert(!(await response.text()).includes("secret"));
    }
    assertEquals(heard, [thrown, thrown]);
  });

  it("does not reach it past the guard", async () => {
    let reached = 0;
    const handler = secure(() => new Response(`${++reached}`));
    const foreign = new Request("http://example.org/", { headers: { host: "example.org" } });
    const page = await handler(foreign);
    assertEquals([page.status, page.headers.get("content-type")], [
      421,
      "text/html; charset=utf-8",
    ]);
    assertSecured(page);
    const api = await handler(localRequest("/api/sync/git", { method: "POST" }));
    assertEquals([api.status, (await api.json()).error], [403, "forbidden"]);
    assertEquals(reached, 0);
  });

  it("keeps what the API answers away from caches", async () => {
    const response = await answer(() => Response.json({}), "/api/status");
    assertEquals(response.headers.get("cache-control"), "no-store");
    const own = await answer(
      () => new Response("", { headers: { "cache-control": "max-age=1" } }),
      "/style.css",
    );
    assertEquals(own.headers.get("cache-control"), "max-age=1");
  });
});

describe("errors below /api", () => {
  it("are JSON, whatever wrote them", async () => {
    for (
      const [status, code] of [[404, "notFound"], [405, "methodNotAllowed"], [500, "internal"]]
    ) {
      const html = () =>
        new Response("<h1>Error</h1>", {
          status: status as number,
          headers: { "content-type": "text/html", allow: "GET" },
        });
      const response = await answer(html, "/api/nothing");
      assertEquals(response.status, status);
      assertEquals(response.headers.get("content-type"), "application/json");
      assertEquals(response.headers.get("allow"), "GET");
      const body = await response.json();
      assertEquals(Object.keys(body), ["error", "message"]);
      assertEquals(body.error, code);
      assertMatch(body.message, /^[A-Z].*\.$/);
      const page = await answer(html, "/nothing");
      assertEquals(await page.text(), "<h1>Error</h1>");
    }
  });

  it("have no body for HEAD", async () => {
    const response = await answer(
      () => new Response("Not found", { status: 404 }),
      "/api/nothing",
      { method: "HEAD" },
    );
    assertEquals([response.status, response.body], [404, null]);
  });
});

describe("bodies", () => {
  const echo: Handler = async (request) => {
    const body = await readJson(request);
    return body.kind === "refused" ? body.response : Response.json({ got: body.value });
  };
  const put = (body: BodyInit, type = "application/json") =>
    answer(echo, "/api/settings", {
      method: "PUT",
      headers: { ...OWN, "content-type": type },
      body,
    });

  it("are read as JSON", async () => {
    const response = await put('{"seconds":10}', "application/json; charset=utf-8");
    assertEquals(await response.json(), { got: { seconds: 10 } });
  });

  it("are refused as anything else", async () => {
    assertEquals((await put("seconds=10", "application/x-www-form-urlencoded")).status, 415);
    assertEquals((await put("{}", "text/plain")).status, 415);
    assertEquals((await put("{")).status, 400);
    assertEquals((await put("")).status, 400);
  });

  it("are refused where they are too large, announced or not", async () => {
    const announced = await answer(echo, "/api/settings", {
      method: "PUT",
      headers: {
        ...OWN,
        "content-type": "application/json",
        "content-length": String(MAX_BODY_BYTES + 1),
      },
    });
    assertEquals([announced.status, (await announced.json()).error], [413, "bodyTooLarge"]);
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled++;
        controller.enqueue(new Uint8Array(1024).fill(32));
      },
    });
    assertEquals((await put(endless)).status, 413);
    assert(pulled < 2 * MAX_BODY_BYTES / 1024, `${pulled} KB were read`);
  });
});

describe("the app", () => {
  let db: Database;
  let handler: ReturnType<typeof app.handler>;

  beforeAll(async () => {
    db = openDatabase(":memory:");
    handler = (await withFileRoutes(createApp(presetServices(db)))).handler();
  });
  afterAll(() => db[Symbol.dispose]());

  it("serves this machine alone without a token, whatever the Host says", async () => {
    const remoteAddr = { transport: "tcp", hostname: "192.0.2.7", port: 50_000 } as const;
    const info = { remoteAddr, completed: Promise.resolve() };
    // The program's own app, which opens its services with the first request that it lets in.
    for (const handle of [handler, app.handler()]) {
      for (const path of ["/", "/api/status", "/icon.svg"]) {
        const response = await handle(localRequest(path), info);
        assertEquals(response.status, 403, path);
        assertSecured(response);
        await response.body?.cancel();
      }
    }
  });

  it("gives pages whose inline scripts carry the policy's nonce", async () => {
    const response = await handler(localRequest("/"));
    assertEquals(response.status, 200);
    assertSecured(response);
    const policy = response.headers.get("content-security-policy")!;
    const html = await response.text();
    for (const [tag, src] of html.matchAll(/<(?:script|style)\b([^>]*)>/g)) {
      if (src.includes("src=")) continue;
      const nonce = /nonce="([^"]+)"/.exec(tag)?.[1];
      assert(nonce !== undefined, `${tag} has no nonce`);
      assertStringIncludes(policy, `'nonce-${nonce}'`);
    }
    assert(!/\son\w+=/.test(html.replace(/"[^"]*"/g, '""')), "an inline event handler");
  });

  it("answers with JSON below /api whatever is wrong", async () => {
    const requests: [number, Request][] = [
      [404, localRequest("/api/nothing")],
      [404, localRequest("/api")],
      [404, localRequest("/api/status", { method: "PATCH", headers: OWN })],
      [403, localRequest("/api/sync/git", { method: "POST" })],
      [403, localRequest("/api/status", { headers: { "sec-fetch-site": "cross-site" } })],
    ];
    for (const [status, request] of requests) {
      const response = await handler(request);
      assertEquals(response.status, status, request.url);
      assertSecured(response);
      assertEquals(Object.keys(await response.json()), ["error", "message"]);
    }
  });

  it("answers with a page elsewhere", async () => {
    const response = await handler(localRequest("/nothing"));
    assertEquals(response.status, 404);
    assertSecured(response);
    assertMatch(response.headers.get("content-type")!, /^text\/html/);
  });

  it("has what a page or the API threw in its log, and not on the page", async () => {
    const closed = openDatabase(":memory:");
    closed[Symbol.dispose]();
    const { error: print } = console;
    const heard: unknown[] = [];
    console.error = (fault: unknown) => heard.push(fault);
    try {
      const broken = (await withFileRoutes(createApp(presetServices(closed)))).handler();
      for (const path of ["/sessions", "/api/sessions"]) {
        const response = await broken(localRequest(path));
        assertEquals(response.status, 500);
        assertMatch(await response.text(), /[Ii]ts log/);
        assert(heard.length > 0, "it is not in the log");
        heard.length = 0;
      }
      assertEquals((await handler(localRequest("/nothing"))).status, 404);
      assertEquals(heard, []);
    } finally {
      console.error = print;
    }
  });

  it("answers to a name longer than a file can have", async () => {
    for (
      const path of [
        `/${"a".repeat(256)}`,
        "/a".repeat(1_024),
        `/api/sessions/${"a".repeat(5_000)}`,
      ]
    ) {
      assertEquals((await handler(localRequest(path))).status, 404);
    }
  });

  it("tells how it is", async () => {
    const health = await (await handler(localRequest("/api/health"))).json();
    assertEquals([health.status, health.name], ["ok", "ascribe"]);
    const status = await (await handler(localRequest("/api/status"))).json();
    assertEquals(status, {
      sessionsIndexed: 0,
      projectsFound: 0,
      repositoriesFound: 0,
      commitsFound: 0,
      linksCreated: 0,
      lastIndexedAt: null,
      lastGitSyncAt: null,
      gitSyncIntervalSecs: 60,
      running: null,
      version: 1,
    });
    const metrics = await handler(localRequest("/metrics"));
    assertMatch(metrics.headers.get("content-type")!, /^text\/plain; version=0\.0\.4/);
    const lines = (await metrics.text()).trimEnd().split("\n");
    for (const line of lines) {
      assertMatch(
        line,
        /^(?:# HELP ascribe_\w+ .+|# TYPE ascribe_\w+ gauge|ascribe_\w+ \d+(?:\.\d+)?)$/,
      );
    }
    assert(lines.includes("ascribe_links 0"));
  });

  it("has a head for each stream, and does not start it", async () => {
    for (const path of ["/api/events", "/api/sync/git/progress", "/api/indexing/progress"]) {
      const response = await handler(localRequest(path, { method: "HEAD" }));
      assertEquals(response.status, 200);
      assertEquals(response.headers.get("content-type"), "text/event-stream");
      assertEquals(response.body, null);
    }
  });
});
