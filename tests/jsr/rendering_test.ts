import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { App, HttpError } from "fresh";
import { beforeAll, describe, it } from "@std/testing/bdd";
import { ask, type Handler, quietly, siteHandler } from "./support.ts";

const NONCE = Symbol.for("__freshNonce");

describe("pages", () => {
  let handler: Handler;

  beforeAll(async () => {
    handler = await siteHandler();
  });

  it("wraps pages in _app, which has no data of its own", async () => {
    const { text, headers } = await ask(handler, "/users/you");
    assertMatch(text, /^<!DOCTYPE html><html lang="en">/);
    assertStringIncludes(text, 'data-path="/users/you" data-data="null"');
    assertEquals(headers.get("content-type"), "text/html; charset=utf-8");
  });

  it("gives a page its handler's data, status and headers, but no other content type", async () => {
    const { text, status, headers } = await ask(handler, "/data");
    assertEquals(status, 201);
    assertEquals(headers.get("x-page"), "yes");
    assertEquals(headers.get("content-type"), "text/html; charset=utf-8");
    assertStringIncludes(text, "a &lt;b> &amp; c");
  });

  it("renders JSX from a handler inside _app", async () => {
    const { text, status, headers } = await ask(handler, "/rendered");
    assertEquals(status, 202);
    assertEquals(headers.get("x-own"), "1");
    assertStringIncludes(text, "<p>rendered</p>");
    assertStringIncludes(text, "<title>Site</title>");
  });

  it("renders an empty page for a plain object", async () => {
    const { status, text } = await ask(handler, "/object");
    assertEquals(status, 200);
    assertStringIncludes(text, "<title>Site</title>");
  });

  it("redirects, and keeps paths on this origin", async () => {
    const { status, headers } = await ask(handler, "/redirects?to=/users%3Fq%3D//x");
    assertEquals(status, 303);
    assertEquals(headers.get("location"), "/users?q=//x");
    assertEquals(
      (await ask(handler, "/redirects?to=//evil.test/x")).headers.get("location"),
      "/evil.test/x",
    );
  });

  it("puts a nonce of its own on every inline script and style of a page, and tells it", async () => {
    const { response, text } = await ask(handler, "/counters");
    const nonce = (response as unknown as Record<symbol, string>)[NONCE];
    assertMatch(nonce, /^\w{16,}$/);
    const tags = text.match(/<(script|style)[^>]*>/g)!;
    assert(tags.length >= 2);
    for (const tag of tags) assertStringIncludes(tag, `nonce="${nonce}"`);
    const other = await ask(handler, "/counters");
    assertNotEquals((other.response as unknown as Record<symbol, string>)[NONCE], nonce);
  });

  it("ships no script with a page that holds no island", async () => {
    const { text, headers } = await ask(handler, "/users/you");
    assert(!text.includes("<script"));
    assertEquals(headers.get("link"), null);
  });

  it("refuses to send a function to an island", async () => {
    assertEquals((await quietly(() => ask(handler, "/functions"))).status, 500);
  });

  it("marks links by their paths, and by their query only where they have one", async () => {
    const { text } = await ask(handler, "/links/here?by=date");
    const marks = [...text.matchAll(/<a href="([^"]+)"[^>]*>/g)].map(([link, href]) => [
      href,
      link.match(/aria-current="(\w+)"/)?.[1],
    ]);
    assertEquals(marks, [
      ["/links/here", "page"],
      ["/links/here/?by=name", "true"],
      ["/links/here?by=date", "page"],
      ["/links/here?by=size", "false"],
      ["/links", "true"],
      ["/links/her", undefined],
      ["/users", undefined],
    ]);
  });

  it("renders a page before its _app: a context reaches it from _layout alone", async () => {
    const { text } = await ask(handler, "/nested/contexts");
    assertStringIncludes(
      text,
      '<section id="nested"><p>app: none, layout: layout of /nested/contexts, data null</p></section>',
    );
  });

  it("shows _app what pages and _error left in the state while they were rendered", async () => {
    assertStringIncludes(
      (await ask(handler, "/nested/contexts")).text,
      "<title>Named late</title>",
    );
    assertStringIncludes((await ask(handler, "/gone")).text, "<title>Error 410</title>");
    assertStringIncludes((await ask(handler, "/nowhere")).text, "<title>Error 404</title>");
  });

  it("leaves the layouts of a folder out of an error page above it", async () => {
    const { text } = await ask(handler, "/nested/nothing");
    assert(!text.includes('id="nested"'));
  });

  it("puts comments around keyed components, and around nothing else that has a key", async () => {
    const { text } = await ask(handler, "/keyed");
    assertStringIncludes(
      text,
      "<ul><!--frsh:key:a_1--><li>component</li><!--/frsh:key--><li>element</li><li>fragment</li>",
    );
    assertEquals(text.match(/frsh:key/g)?.length, 2);
  });

  it("names a page's scripts in its headers, so that browsers fetch them early", async () => {
    const { text, headers } = await ask(handler, "/counters");
    const preloaded = [...headers.get("link")!.matchAll(/<([^>]+)>; rel="modulepreload"/g)];
    assertEquals(preloaded.map(([, url]) => url), text.match(/(?<=from\s?")[^"]+/g));
  });
});

describe("an app without files", () => {
  it("answers plainly when something is thrown", async () => {
    const handler = new App()
      .get("/missing", () => {
        throw new HttpError(404, "nothing here");
      })
      .get("/broken", () => {
        throw new Error("secret");
      })
      .handler();
    const missing = await ask(handler, "/missing");
    assertEquals([missing.status, missing.text], [404, "nothing here"]);
    const broken = await quietly(() => ask(handler, "/broken"));
    assertEquals([broken.status, broken.text], [500, "Internal server error"]);
    assertEquals((await ask(handler, "/unknown")).status, 404);
  });

  it("reads parameters of patterns", async () => {
    const handler = new App()
      .get("/a/:id/b", (ctx) => new Response(`${ctx.params.id} at ${ctx.route}`))
      .handler();
    assertEquals((await ask(handler, "/a/7/b")).text, "7 at /a/:id/b");
  });

  it("keeps states of requests apart", async () => {
    const handler = new App<{ name: string }>()
      .use(async (ctx) => {
        ctx.state.name = ctx.url.searchParams.get("name")!;
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
        return await ctx.next();
      })
      .get("/", (ctx) => new Response(ctx.state.name))
      .handler();
    const names = ["a", "b", "c", "d"];
    const answers = await Promise.all(names.map((name) => ask(handler, `/?name=${name}`)));
    assertEquals(answers.map(({ text }) => text), names);
  });
});
