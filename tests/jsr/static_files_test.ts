import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { beforeAll, describe, it } from "@std/testing/bdd";
import { ask, type Handler, quietly, siteHandler } from "./support.ts";

describe("static files", () => {
  let handler: Handler;

  beforeAll(async () => {
    handler = await siteHandler();
  });

  it("serves a file with its type, and has browsers ask again", async () => {
    const { status, text, headers } = await ask(handler, "/note.txt");
    assertEquals([status, text], [200, "plain text\n"]);
    assertMatch(headers.get("content-type")!, /^text\/plain/);
    assertStringIncludes(headers.get("cache-control")!, "no-cache");
  });

  it("answers 304 to who has the file already", async () => {
    const { headers } = await ask(handler, "/images/dot.svg");
    const etag = headers.get("etag");
    // Fresh's builds in memory, which tests make, give none.
    if (etag === null) return;
    assertMatch(etag, /^W\/"\w+"$/);
    const again = await ask(handler, "/images/dot.svg", { headers: { "if-none-match": etag } });
    assertEquals([again.status, again.text], [304, ""]);
  });

  it("answers HEAD without the body", async () => {
    const { status, text, headers } = await ask(handler, "/note.txt", { method: "HEAD" });
    assertEquals([status, text], [200, ""]);
    assertEquals(headers.get("content-length"), "11");
  });

  it("answers 405 to POST and OPTIONS", async () => {
    for (const method of ["POST", "OPTIONS"]) {
      assertEquals((await ask(handler, "/note.txt", { method })).status, 405);
    }
  });

  it("decodes names, and takes a slash at the end", async () => {
    for (const path of ["/n%6Fte.txt", "/note.txt/", "/images%2Fdot.svg"]) {
      assertEquals((await ask(handler, path)).status, 200, path);
    }
  });

  it("answers 404 without a page for an icon that is not there", async () => {
    const { status, text } = await ask(handler, "/favicon.ico");
    assertEquals([status, text], [404, ""]);
  });

  it("sends who names another build to the address without it", async () => {
    const { status, headers } = await ask(handler, "/note.txt?__frsh_c=other&x=1");
    assertEquals([status, headers.get("location")], [307, "/note.txt?x=1"]);
  });

  it("shadows routes", async () => {
    assertEquals((await ask(handler, "/shadowed")).text, "static wins\n");
  });

  it("leaves what lies outside of the folder unserved", async () => {
    for (
      const path of ["/../define.ts", "/%2e%2e/define.ts", "/..%2fdefine.ts"]
    ) {
      assert((await quietly(() => ask(handler, path))).status >= 400);
    }
  });

  it("names images in pages so that browsers may keep them", async () => {
    const { text } = await ask(handler, "/picture");
    const [, src] = text.match(/src="([^"]+)"/)!;
    assertMatch(src, /^\/images\/dot\.svg\?\w+=\w+$/);
    assertStringIncludes((await ask(handler, src)).headers.get("cache-control")!, "immutable");
  });

  it("lets browsers keep the islands' code", async () => {
    const { text } = await ask(handler, "/counters");
    const urls = text.match(/(?<=from\s?")[^"]+/g)!;
    assertEquals(urls.length >= 2, true);
    for (const url of urls) {
      const { status, headers } = await ask(handler, url);
      assertEquals(status, 200);
      assertMatch(headers.get("content-type")!, /javascript/);
      assertStringIncludes(headers.get("cache-control")!, "immutable");
    }
  });
});
