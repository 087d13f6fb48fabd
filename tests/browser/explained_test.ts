import { assert, assertEquals } from "@std/assert";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import type { Browser, Locator, Page } from "playwright-core";
import type { Database } from "../../lib/store/database.ts";
import { openPage } from "../support/browser.ts";
import { type OpenBrowser, openBrowser } from "../support/open_browser.ts";
import { type PageServer, servePages } from "../support/page_server.ts";
import { hashOf, seedStore, sessionIdOf } from "../support/seed.ts";

/** Pages with numbers. */
const PATHS = [
  "/",
  "/sessions",
  "/commits",
  "/edits",
  "/repositories",
  "/projects",
  `/sessions/${sessionIdOf(10)}`,
  `/commits/${hashOf(30)}`,
];
const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

/** Focuses everything that is explained, one after the other; gives what was not shown whole, and on top of all else. */
async function faultsOf(page: Page): Promise<{ count: number; faults: string[] }> {
  return await page.evaluate(() => {
    for (const fold of document.querySelectorAll("details")) fold.open = true;
    const faults: string[] = [];
    let count = 0;
    for (const it of document.querySelectorAll<HTMLElement>("main .explained > :not(.tip)")) {
      if (!it.checkVisibility()) continue;
      count++;
      it.scrollIntoView({ block: "center" });
      it.focus();
      const tip = it.parentElement!.querySelector<HTMLElement>(".tip")!;
      const { left, right, top, bottom, height } = tip.getBoundingClientRect();
      const inView = left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight;
      const whole = tip.scrollWidth <= tip.clientWidth + 1 && height > 0 && height < 220;
      const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
      const said = it.getAttribute("aria-description") ?? it.ariaLabel ?? "";
      if (!inView || !whole || over !== tip || !said.includes(tip.textContent!)) {
        faults.push(`${it.textContent}: ${[left, right, top, bottom]} ${over?.className}`);
      }
    }
    return { count, faults };
  });
}

describe("an explanation", () => {
  let opened: OpenBrowser;
  let browser: Browser;
  let store: Database;
  let server: PageServer;

  beforeAll(async () => {
    store = seedStore({ sessions: 20, commits: 60, repositories: 3 });
    server = servePages(store);
    opened = await openBrowser();
    browser = opened.browser;
  });

  afterAll(async () => {
    await opened.close();
    await server[Symbol.asyncDispose]();
    store[Symbol.dispose]();
  });

  const tipOf = (figure: Locator) => figure.locator("xpath=..").locator(".tip");

  it("is shown on focus, whole and in view, of every number on a phone and on a screen", async () => {
    for (const options of [PHONE, { viewport: { width: 1280, height: 800 } }]) {
      const { page } = await openPage(browser, options);
      for (const path of PATHS) {
        await page.goto(server.url + path);
        const { count, faults } = await faultsOf(page);
        assertEquals(faults, [], path);
        assert(count > 0, path);
      }
      await page.context().close();
    }
  });

  it("is shown on a tap, and hidden by one elsewhere; without a script, too", async () => {
    const { page } = await openPage(browser, { ...PHONE, javaScriptEnabled: false });
    await page.goto(`${server.url}/sessions`);
    for (const name of ["Prompts", "?"]) {
      const figure = page.locator("thead").getByText(name, { exact: true }).first();
      await figure.tap();
      await tipOf(figure).waitFor({ state: "visible" });
      await page.getByRole("heading", { level: 1 }).tap();
      await tipOf(figure).waitFor({ state: "hidden" });
    }
    await page.context().close();
  });

  it("is shown under the mouse, stays while it is read, and goes with Escape", async () => {
    const { page } = await openPage(browser);
    await page.goto(server.url);
    const figure = page.locator(".figure .counted").first();
    const tip = tipOf(figure);
    await figure.hover();
    await tip.waitFor({ state: "visible" });
    await tip.hover();
    assert(await tip.isVisible());
    await page.mouse.move(0, 0);
    await tip.waitFor({ state: "hidden" });
    await figure.focus();
    await tip.waitFor({ state: "visible" });
    await page.keyboard.press("Escape");
    await tip.waitFor({ state: "hidden" });
    await page.context().close();
  });
});
