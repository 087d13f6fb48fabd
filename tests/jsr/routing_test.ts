import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { beforeAll, describe, it } from "@std/testing/bdd";
import { ask, type Handler, quietly, siteHandler } from "./support.ts";

describe("file routes", () => {
  let handler: Handler;
  const text = async (path: string, init?: RequestInit) => (await ask(handler, path, init)).text;
  const status = async (path: string, init?: RequestInit) =>
    (await ask(handler, path, init)).status;

  beforeAll(async () => {
    handler = await siteHandler();
  });

  it("answers index files at their folder", async () => {
    assertStringIncludes(await text("/"), "<h1>Home</h1>");
    assertEquals(await text("/users"), "users");
  });

  it("prefers an exact route to a dynamic one", async () => {
    assertEquals(await text("/users/me"), "me");
    assertStringIncludes(await text("/users/you"), "user you /users/:id");
  });

  it("prefers [name] to [...path]", async () => {
    assertEquals(await text("/files/one"), "name one");
    assertEquals(await text("/files/one/two"), 'path "one/two"');
  });

  it("matches [...path] with nothing at all", async () => {
    assertEquals(await text("/files"), 'path ""');
  });

  it("decodes parameters but for what would change their meaning", async () => {
    assertEquals(await text("/files/a%20b%C3%A9"), "name a bé");
    assertEquals(await text("/files/a%2Fb"), "name a%2Fb");
  });

  it("rejects malformed parameters", async () => {
    await assertRejects(() => handler(new Request("http://localhost/files/%E0%A4%A")), URIError);
  });

  it("takes a trailing slash on exact routes alone, and never redirects", async () => {
    assertEquals(await text("/users/"), "users");
    assertEquals(await text("/users/me/"), "me");
    assertEquals(await status("/users/you/"), 404);
  });

  it("collapses repeated slashes", async () => {
    assertEquals(await text("/users//me"), "me");
  });

  it("leaves groups out of URLs and applies their middleware", async () => {
    assertEquals(await text("/grouped"), "app root1 root2 group");
    assertEquals(await status("/(group)/grouped"), 404);
  });

  it("runs middleware from the root inwards and back", async () => {
    const { text, headers } = await ask(handler, "/nested/deep");
    assertEquals(text, "app root1 root2 nested deep");
    assertEquals(headers.get("x-left"), "deep, nested, root2, root1");
  });

  it("keeps what was registered before the file routes out of their middleware", async () => {
    assertEquals(await text("/early"), "early untraced");
    assertEquals(await text("/late"), "app root1 root2");
  });

  it("runs the root's middleware for an unmatched URL", async () => {
    const { status, headers, text } = await ask(handler, "/nested/nowhere");
    assertEquals(status, 404);
    assertEquals(headers.get("x-left"), null);
    assertStringIncludes(text, '<p id="error">404');
  });

  describe("methods", () => {
    it("chooses a handler by method", async () => {
      assertEquals(await text("/methods"), "got");
      assertEquals(await text("/methods", { method: "PUT", body: "it" }), "put it");
    });

    it("answers 404 where a file has no handler for a method", async () => {
      assertEquals(await status("/methods", { method: "DELETE" }), 404);
      assertEquals(await status("/methods", { method: "OPTIONS" }), 404);
    });

    it("answers 405 where app.get() has none", async () => {
      assertEquals(await status("/late", { method: "POST" }), 405);
    });

    it("gives a function every method", async () => {
      assertEquals(await text("/any", { method: "PATCH" }), "any PATCH");
      assertEquals(await text("/any"), "any GET");
    });

    it("renders a page on GET though it only handles POST", async () => {
      assertStringIncludes(await text("/post_only"), "data undefined");
      assertStringIncludes(await text("/post_only", { method: "POST" }), "data POST");
    });

    it("renders a page without handlers on POST", async () => {
      assertStringIncludes(await text("/", { method: "POST" }), "<h1>Home</h1>");
    });

    it("runs GET for HEAD and drops the body", async () => {
      const { status, headers, text } = await ask(handler, "/methods", { method: "HEAD" });
      assertEquals([status, text], [200, ""]);
      assertEquals(headers.get("x-from"), "GET");
    });

    it("neither reads nor cancels a stream on HEAD", async () => {
      const { seen } = await import("./site/routes/stream.ts");
      await ask(handler, "/stream", { method: "HEAD" });
      assertEquals(seen, { started: 0, cancelled: 0 });
    });

    it("lets a client cancel the stream of a GET", async () => {
      const { seen } = await import("./site/routes/stream.ts");
      const response = await handler(new Request("http://localhost/stream"));
      await response.body!.cancel();
      assertEquals(seen.cancelled, 1);
    });
  });

  describe("errors", () => {
    it("shows what was thrown with the nearest _error", async () => {
      const nested = await quietly(() => ask(handler, "/nested/throws"));
      assertEquals(nested.status, 500);
      assertStringIncludes(nested.text, '<p id="nested-error">nested trouble</p>');
      assertStringIncludes(nested.text, "<title>Site</title>");
      const root = await quietly(() => ask(handler, "/throws"));
      assertEquals(root.status, 500);
      assertStringIncludes(root.text, "500 trouble /throws");
    });

    it("gives the status of an HttpError", async () => {
      const { status, text, headers } = await ask(handler, "/gone");
      assertEquals(status, 410);
      assertStringIncludes(text, "410 gone for good /gone");
      assertEquals(headers.get("content-type"), "text/html; charset=utf-8");
    });

    it("skips what the root's middleware does after next()", async () => {
      assertEquals((await ask(handler, "/gone")).headers.get("x-left"), null);
    });

    it("lets a folder's _error answer inside the root's middleware", async () => {
      const { headers } = await quietly(() => ask(handler, "/nested/throws"));
      assertEquals(headers.get("x-left"), "root2, root1");
    });

    it("answers 500 for a handler that is an array", async () => {
      assertEquals((await quietly(() => ask(handler, "/list"))).status, 500);
    });
  });
});
