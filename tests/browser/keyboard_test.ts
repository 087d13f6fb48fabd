import { assert, assertEquals } from "@std/assert";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import type { Browser, Page } from "playwright-core";
import type { Database } from "../../lib/store/database.ts";
import { openPage } from "../support/browser.ts";
import { type OpenBrowser, openBrowser } from "../support/open_browser.ts";
import { type PageServer, servePages } from "../support/page_server.ts";
import { hashOf, seedStore, sessionIdOf } from "../support/seed.ts";

const PATHS = [
  "/",
  "/sessions",
  `/sessions/${sessionIdOf(10)}`,
  "/commits",
  "/edits",
  `/commits/${hashOf(30)}`,
  "/repositories",
  "/search?q=loom",
  "/settings",
];

/** What is focused: its name, whether it can be told from its looks, and whether something lies over it. */
interface Focused {
  name: string;
  marked: boolean;
  covered: boolean;
}

async function focusedOf(page: Page): Promise<Focused | null> {
  return await page.evaluate(() => {
    const it = document.activeElement;
    if (it === null || it === document.body) return null;
    const name = `${it.tagName} ${it.textContent?.trim().slice(0, 30)}`;
    const shown = it.closest(".secret") ?? it;
    const { outlineStyle, outlineWidth } = getComputedStyle(shown);
    const box = it.getBoundingClientRect();
    const bar = document.querySelector(".status-bar")!;
    const covered = !bar.contains(it) && box.top >= bar.getBoundingClientRect().top;
    return { name, marked: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2, covered };
  });
}

describe("the keyboard", () => {
  let opened: OpenBrowser;
  let browser: Browser;
  let store: Database;
  let server: PageServer;

  beforeAll(async () => {
    store = seedStore({ sessions: 20, commits: 60, repositories: 3, prompts: 5 });
    server = servePages(store);
    opened = await openBrowser();
    browser = opened.browser;
  });

  afterAll(async () => {
    await opened.close();
    await server[Symbol.asyncDispose]();
    store[Symbol.dispose]();
  });

  it("reaches the status bar without moving the page", async () => {
    const { page } = await openPage(browser, { viewport: { width: 1280, height: 600 } });
    for (const path of ["/sessions", "/commits"]) {
      await page.goto(server.url + path);
      await page.getByText(/^(Last update|Not yet synced)/).waitFor();
      const details = page.getByRole("button", { name: "Details" });
      await page.evaluate(() => scrollTo({ top: 300, behavior: "instant" }));
      await details.focus();
      assertEquals(await page.evaluate(() => scrollY), 300, path);
      await page.keyboard.press("Tab");
      const sync = page.getByRole("button", { name: "Sync now" });
      assert(await sync.evaluate((it) => it === document.activeElement));
      assertEquals(await page.evaluate(() => scrollY), 300, path);
    }
    await page.context().close();
  });

  it("shows where it is on every control, and never under the status bar", async () => {
    const { page } = await openPage(browser, { viewport: { width: 1280, height: 600 } });
    for (const path of PATHS) {
      await page.goto(server.url + path);
      await page.getByText(/^(Last update|Not yet synced)/).waitFor();
      const faults: Focused[] = [];
      for (let steps = 0; steps < 60; steps++) {
        await page.keyboard.press("Tab");
        const focused = await focusedOf(page);
        if (focused === null) break;
        if (!focused.marked || focused.covered) faults.push(focused);
      }
      assertEquals(faults, [], path);
    }
    await page.context().close();
  });
});
