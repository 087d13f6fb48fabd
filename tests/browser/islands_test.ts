import { assertEquals } from "@std/assert";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import type { Browser, Page } from "playwright-core";
import { siteHandler } from "../jsr/support.ts";
import { openPage, shareBrowser } from "../support/browser.ts";

describe("islands in a browser", () => {
  const shared = shareBrowser();
  let browser: Browser;
  let server: Deno.HttpServer<Deno.NetAddr>;

  beforeAll(async () => {
    const handler = await siteHandler();
    server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, handler);
    browser = await shared.take();
  });

  afterAll(async () => {
    await shared.release();
    await server.shutdown();
  });

  async function visit(path: string, look: (page: Page) => Promise<void>): Promise<void> {
    const { page, problems } = await openPage(browser);
    try {
      await page.goto(`http://127.0.0.1:${server.addr.port}${path}`);
      await look(page);
      assertEquals(problems, []);
    } finally {
      await page.context().close();
    }
  }

  it("share a signal that both were given, and no other", () =>
    visit("/counters", async (page) => {
      await page.click("#first button");
      await page.click("#first button");
      await page.click("#second button");
      await page.waitForFunction(() =>
        document.querySelector("#second output")?.textContent === "6"
      );
      assertEquals(await page.textContent("#first output"), "6");
      assertEquals(await page.textContent("#alone output"), "10");
    }));

  it("leave what stands around them alone", () =>
    visit("/counters", async (page) => {
      await page.click("#alone button");
      await page.waitForFunction(() =>
        document.querySelector("#alone output")?.textContent === "11"
      );
      assertEquals(
        await page.locator("main > *").evaluateAll((nodes) => nodes.map(({ id }) => id)),
        [
          "first",
          "between",
          "second",
          "alone",
          "doubled",
        ],
      );
    }));

  it("get a computed signal as one that is read-only", () =>
    visit("/counters", async (page) => {
      await page.waitForSelector("#doubled[data-assign=read-only]", { state: "attached" });
      assertEquals(await page.textContent("#doubled"), "6");
    }));

  it("get values as they were on the server", () =>
    visit("/values", async (page) => {
      await page.waitForFunction(() => document.querySelector("#values")?.textContent !== "");
      assertEquals(
        await page.textContent("#values"),
        "</script><!-- & é|1970-01-01T00:00:00.000Z|1+2|bigint12345678901234567890|example.test|" +
          "NaN Infinity -0 1.5|undefined|cycle|same",
      );
    }));
});
