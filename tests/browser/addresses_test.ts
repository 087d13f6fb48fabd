import { assertEquals } from "@std/assert";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import type { Database } from "../../lib/store/database.ts";
import { openPage } from "../support/browser.ts";
import { type OpenBrowser, openBrowser } from "../support/open_browser.ts";
import { type PageServer, servePages } from "../support/page_server.ts";
import { seedStore } from "../support/seed.ts";

describe("a page shows what its address says", () => {
  let opened: OpenBrowser;
  let store: Database;
  let server: PageServer;

  beforeAll(async () => {
    store = seedStore({ sessions: 20, commits: 60, repositories: 3, now: Date.now() });
    server = servePages(store);
    opened = await openBrowser();
  });

  afterAll(async () => {
    await opened.close();
    await server[Symbol.asyncDispose]();
    store[Symbol.dispose]();
  });

  it("in its filters too, when somebody goes back and forward", async () => {
    const { page } = await openPage(opened.browser);
    await page.goto(`${server.url}/?range=month`);
    const repository = page.getByLabel("Repository");
    await repository.selectOption("2");
    await page.getByRole("button", { name: "Show" }).click();
    await page.waitForURL(/repository=2/);
    await page.goBack();
    await page.waitForURL(/range=month$/);
    assertEquals(await repository.inputValue(), "");
    await page.goForward();
    await page.waitForURL(/repository=2/);
    assertEquals(await repository.inputValue(), "2");
    // As a browser shows it that has kept the page whole.
    await repository.selectOption("3");
    await page.evaluate(() => {
      dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
    });
    assertEquals(await repository.inputValue(), "2");
    await page.context().close();
  });

  it("without a control that does nothing where there is no JavaScript", async () => {
    const { page } = await openPage(opened.browser, { javaScriptEnabled: false });
    await page.goto(server.url);
    const buttons = page.locator("button:visible");
    assertEquals(await buttons.allInnerTexts(), ["Show", "Sync now"]);
    await page.getByRole("link", { name: "as a table" }).first().click();
    await page.waitForURL(/\/commits\?/);
    await page.context().close();
  });
});
