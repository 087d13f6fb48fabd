import { assertEquals } from "@std/assert";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import type { Browser } from "playwright-core";
import type { Database } from "../../lib/store/database.ts";
import { refreshSearch } from "../../lib/store/search_index.ts";
import { openPage } from "../support/browser.ts";
import { type OpenBrowser, openBrowser } from "../support/open_browser.ts";
import { type PageServer, servePages } from "../support/page_server.ts";
import { seedStore } from "../support/seed.ts";

describe("finding one's way", () => {
  let opened: OpenBrowser;
  let browser: Browser;
  let store: Database;
  let server: PageServer;

  beforeAll(async () => {
    store = seedStore({ sessions: 20, commits: 60, repositories: 3 });
    store.run("UPDATE sessions SET title = 'Teach the kestrel to hover' WHERE id = 7");
    await refreshSearch(store, {});
    server = servePages(store);
    opened = await openBrowser();
    browser = opened.browser;
  });

  afterAll(async () => {
    await opened.close();
    await server[Symbol.asyncDispose]();
    store[Symbol.dispose]();
  });

  it("searches from any page with the keyboard alone", async () => {
    const { page, problems } = await openPage(browser);
    await page.goto(`${server.url}/projects`);
    await page.getByText(/^(Last update|Not yet synced)/).waitFor();
    await page.keyboard.press("Control+K");
    await page.keyboard.type("kest");
    const found = page.getByRole("option", { name: /kestrel/ });
    await found.first().waitFor();
    assertEquals(await found.first().getAttribute("aria-selected"), "true");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/sessions\//);
    await page.getByRole("heading", { level: 1, name: "Teach the kestrel to hover" }).waitFor();
    assertEquals(problems, []);
    await page.context().close();
  });

  it("gives the focus back when the search is closed", async () => {
    const { page } = await openPage(browser);
    await page.goto(server.url);
    const open = page.getByRole("link", { name: "Search" });
    await open.click();
    const field = page.getByRole("combobox", { name: "Sessions, commits, files and prompts" });
    await field.waitFor();
    await page.keyboard.type("zzzzzz");
    await page.getByText("Nothing was found").waitFor();
    await page.keyboard.press("Escape");
    await field.waitFor({ state: "hidden" });
    assertEquals(await open.evaluate((it) => it === document.activeElement), true);
    await page.context().close();
  });

  it("searches without JavaScript", async () => {
    const { page } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(server.url);
    await page.getByRole("link", { name: "Search" }).click();
    await page.locator("main input[type=search]").fill("kestrel");
    await page.locator("main input[type=search]").press("Enter");
    await page.getByRole("link", { name: /kestrel/ }).first().waitFor();
    await page.context().close();
  });

  it("shows its keys, and goes to pages by them", async () => {
    const { page } = await openPage(browser);
    await page.goto(server.url);
    await page.getByText(/^(Last update|Not yet synced)/).waitFor();
    await page.keyboard.press("?");
    await page.getByRole("heading", { name: "Keys" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("heading", { name: "Keys" }).waitFor({ state: "hidden" });
    await page.keyboard.press("g");
    await page.keyboard.press("c");
    await page.waitForURL(/\/commits$/);
    await page.context().close();
  });

  it("opens the panel of syncs with each repository's state and the runs before", async () => {
    const { page } = await openPage(browser);
    await page.goto(server.url);
    const { sync } = server;
    await page.getByRole("button", { name: "Sync now" }).click();
    await page.getByRole("button", { name: "Details" }).click();
    const path = "/home/ada/src/ledger-2";
    sync.repositories.note(sync.current!.runId, [
      { repo: "/home/ada/src/loom-1", state: "scanning", message: null },
      { repo: path, state: "failed", message: `Run git fsck in ${path}.` },
    ]);
    sync.scan(1, 2);
    const panel = page.getByRole("region", { name: "Syncs" });
    await panel.getByText("scanning...").waitFor();
    await panel.getByText(`Run git fsck in ${path}.`).waitFor();
    await panel.getByRole("heading", { name: "Runs" }).waitFor();
    await page.keyboard.press("Escape");
    sync.finish({ failed: 1 });
    await page.locator(".toast-warning").getByText("1 repository failed").waitFor();
    await page.context().close();
  });
});
