import { assert, assertEquals, assertMatch } from "@std/assert";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { openDatabase } from "../../lib/store/database.ts";
import { type PageServer, servePages } from "../support/page_server.ts";
import { seedStore } from "../support/seed.ts";

const STATIC = new URL("../../static/", import.meta.url);
const sheets = [...Deno.readDirSync(STATIC)].filter(({ name }) => name.endsWith(".css"));

describe("static files, over HTTP", () => {
  const store = seedStore({ sessions: 1, commits: 1 });
  let server: PageServer;
  /** What a page loads from `static/`. */
  let linked: string[];

  beforeAll(async () => {
    server = servePages(store);
    const html = await (await fetch(server.url)).text();
    linked = [...html.matchAll(/<link rel="(?:icon|stylesheet)" href="([^"]+)"/g)]
      .map(([, href]) => href);
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    store[Symbol.dispose]();
  });

  /** Its status, its length, and what it says of being kept. */
  async function get(path: string, headers: HeadersInit = {}) {
    const response = await fetch(server.url + path, { headers });
    const { length } = await response.text();
    const keep = response.headers.get("cache-control");
    return { status: response.status, length, keep, etag: response.headers.get("etag") };
  }

  it("are kept for good under the addresses that pages have for them", async () => {
    assertEquals(linked.length, sheets.length + 1);
    for (const href of linked) {
      assertMatch(href, /\?v=[0-9a-f]{16}$/);
      const { status, length, keep } = await get(href);
      assertEquals([status, keep], [200, "public, max-age=31536000, immutable"], href);
      assert(length > 0, href);
    }
  });

  it("are asked about again under any other address, and answered with 304", async () => {
    for (const path of ["/tokens.css", "/tokens.css?v=0123456789abcdef", "/icon.svg"]) {
      const { status, keep, etag } = await get(path);
      // Fresh's builds in memory, which tests make, give none to ask by.
      if (etag === null) continue;
      assertEquals([status, keep], [200, "no-cache"], path);
      assertEquals(await get(path, { "if-none-match": etag! }), {
        status: 304,
        length: 0,
        keep: "no-cache",
        etag,
      });
      assertEquals((await get(path, { "if-none-match": 'W/"0"' })).status, 200);
    }
  });

  it("leave pages and data as they are", async () => {
    assertEquals((await get("/?v=1")).keep, "private, no-cache");
    assertEquals((await get("/api/status")).keep, "no-store");
  });
});

describe("an error page", () => {
  it("has the same style sheets as every other", async () => {
    using empty = openDatabase(":memory:");
    await using server = servePages(empty);
    const html = await (await fetch(`${server.url}/nowhere`)).text();
    assertEquals(html.match(/rel="stylesheet" href="[^"]+\?v=/g)?.length, sheets.length);
  });
});
