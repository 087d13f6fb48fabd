import { assert, assertEquals } from "@std/assert";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import type { Browser, Page } from "playwright-core";
import type { Database } from "../../lib/store/database.ts";
import { openPage } from "../support/browser.ts";
import { type OpenBrowser, openBrowser } from "../support/open_browser.ts";
import { type PageServer, servePages, StagedSync } from "../support/page_server.ts";
import { seedStore } from "../support/seed.ts";

const lineOf = (page: Page) => page.getByRole("contentinfo").locator(".status-text");
const toastsOf = (page: Page) => page.locator(".toast");
const syncNow = (page: Page) => page.getByRole("button", { name: "Sync now" });

/** Waits until the line reads as `text`. */
async function reads(page: Page, text: string | RegExp): Promise<void> {
  await lineOf(page).getByText(text, { exact: true }).waitFor();
}

describe("StatusBar", () => {
  let opened: OpenBrowser;
  let browser: Browser;
  let store: Database;
  let server: PageServer;

  beforeAll(async () => {
    store = seedStore({ sessions: 12, commits: 30, repositories: 3 });
    server = servePages(store);
    opened = await openBrowser();
    browser = opened.browser;
  });

  afterAll(async () => {
    await opened.close();
    await server[Symbol.asyncDispose]();
    store[Symbol.dispose]();
  });

  it("tells a run from the press to one toast with its totals", async () => {
    const { page, problems } = await openPage(browser);
    const { sync } = server;
    await page.goto(server.url);
    await reads(page, /^(Last update|Not yet synced)/);
    await syncNow(page).click();
    await reads(page, "Scanning repos...");
    sync.read("indexing", 120, 1000);
    await reads(page, "Reading transcripts 120/1,000...");
    sync.read("ready", 1000, 1000);
    await reads(page, "Scanning repos...");
    sync.scan(3, 10);
    await reads(page, "Scanning repo 3/10...");
    sync.scan(10, 10);
    sync.link(0, 0, 0);
    await reads(page, "Linking commits... (0 links)");
    sync.link(5, 8, 12);
    await reads(page, "Linking sessions 5/8... (12 links)");
    sync.finish({ commits: 42 });
    await toastsOf(page).getByText("10 repos | 42 commits | 12 links").waitFor();
    assertEquals(await toastsOf(page).count(), 1);
    await reads(page, /^(Last update|Not yet synced)/);
    assertEquals(problems, []);
    await page.context().close();
  });

  it("shows an error in one toast whose Retry starts the sync again", async () => {
    const { page } = await openPage(browser);
    const { sync } = server;
    await page.goto(server.url);
    await syncNow(page).click();
    await reads(page, "Scanning repos...");
    const asked = sync.asked;
    sync.fail("disk full");
    const toast = toastsOf(page).filter({ hasText: "Sync failed" });
    await toast.getByText("disk full").waitFor();
    assertEquals(await toastsOf(page).count(), 1);
    await toast.getByRole("button", { name: "Retry" }).click();
    await reads(page, "Scanning repos...");
    assertEquals(sync.asked, asked + 1);
    assertEquals(await toastsOf(page).count(), 0);
    sync.finish();
    await toastsOf(page).getByText("Already up to date").waitFor();
    await page.context().close();
  });

  it("keeps a toast for six seconds, longer while it is pointed at", async () => {
    const { page } = await openPage(browser);
    await page.clock.install();
    await page.goto(server.url);
    await syncNow(page).click();
    await reads(page, "Scanning repos...");
    server.sync.finish();
    await toastsOf(page).getByText("Already up to date").hover();
    await page.clock.runFor(20_000);
    assertEquals(await toastsOf(page).count(), 1);
    await page.mouse.move(1, 1);
    await page.clock.runFor(6_100);
    assertEquals(await toastsOf(page).count(), 0);
    await page.context().close();
  });

  it("says on a conflict that a sync is in progress, and follows it", async () => {
    const { page } = await openPage(browser);
    const { sync } = server;
    await page.goto(server.url);
    await page.route("**/api/events", (route) => route.abort());
    await page.reload();
    sync.trigger();
    await syncNow(page).click();
    await toastsOf(page).getByText("Sync already in progress").waitFor();
    sync.scan(1, 4);
    await reads(page, "Scanning repo 1/4...");
    sync.finish();
    await toastsOf(page).getByText("Already up to date").waitFor();
    assertEquals(await toastsOf(page).getByText("Already up to date").count(), 1);
    await page.context().close();
  });

  it("shows another tab's sync, with one toast in each and one connection for both", async () => {
    const { page: first } = await openPage(browser);
    const second = await first.context().newPage();
    const { sync } = server;
    await first.goto(server.url);
    await reads(first, /^(Last update|Not yet synced)/);
    await second.goto(`${server.url}/commits`);
    await reads(second, /^(Last update|Not yet synced)/);
    await syncNow(second).click();
    await reads(second, "Scanning repos...");
    sync.scan(2, 6);
    await reads(second, "Scanning repo 2/6...");
    await reads(first, "Scanning repo 2/6...");
    assertEquals(sync.announcements.listenerCount, 1);
    sync.link(1, 2, 3);
    sync.finish({ commits: 1 });
    for (const page of [first, second]) {
      await toastsOf(page).getByText("2 repos | 1 commit | 3 links").waitFor();
      assertEquals(await toastsOf(page).count(), 1);
    }
    await first.context().close();
  });

  it("hands the connection on when its tab closes, in the middle of a run", async () => {
    const { page: first } = await openPage(browser);
    const second = await first.context().newPage();
    const { sync } = server;
    await first.goto(server.url);
    await reads(first, /^(Last update|Not yet synced)/);
    await second.goto(server.url);
    await syncNow(first).click();
    await reads(first, "Scanning repos...");
    sync.scan(1, 9);
    await reads(second, "Scanning repo 1/9...");
    await first.close();
    sync.scan(4, 9);
    await reads(second, "Scanning repo 4/9...");
    sync.finish();
    await toastsOf(second).getByText("Already up to date").waitFor();
    await second.context().close();
  });

  it("follows a run that was on its way when the page was loaded, and is silent about one that had ended", async () => {
    const { page } = await openPage(browser);
    const { sync } = server;
    sync.trigger();
    sync.scan(1, 2);
    await page.goto(server.url);
    await reads(page, "Scanning repo 1/2...");
    sync.finish();
    await toastsOf(page).getByText("Already up to date").waitFor();
    await page.goto(`${server.url}/sessions`);
    await reads(page, /^(Last update|Not yet synced)/);
    await page.waitForTimeout(500);
    assertEquals(await toastsOf(page).count(), 0);
    await page.context().close();
  });

  it("cancels", async () => {
    const { page } = await openPage(browser);
    await page.goto(server.url);
    await syncNow(page).click();
    await page.getByRole("button", { name: "Cancel" }).click();
    const toast = toastsOf(page).filter({ hasText: "Sync cancelled" });
    await toast.waitFor();
    assertEquals(await toast.getByRole("button", { name: "Retry" }).count(), 0);
    await page.context().close();
  });

  it("works with the keyboard alone", async () => {
    const { page } = await openPage(browser);
    await page.goto(server.url);
    await reads(page, /^(Last update|Not yet synced)/);
    await syncNow(page).focus();
    await page.keyboard.press("Enter");
    await reads(page, "Scanning repos...");
    assert(await syncNow(page).evaluate((button) => button === document.activeElement));
    server.sync.fail("No space left on device");
    const retry = page.getByRole("button", { name: "Retry" });
    await retry.waitFor();
    for (let i = 0; i < 6 && !await retry.evaluate((it) => it === document.activeElement); i++) {
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Space");
    await reads(page, "Scanning repos...");
    server.sync.finish();
    await toastsOf(page).getByText("Already up to date").waitFor();
    await page.context().close();
  });

  it("says that it reconnects after five seconds, and that a restarted server lost the run, once", async () => {
    const sync = new StagedSync();
    const lost = servePages(store, { sync });
    const port = Number(new URL(lost.url).port);
    const { page } = await openPage(browser);
    await page.goto(lost.url);
    await syncNow(page).click();
    await reads(page, "Scanning repos...");
    sync.scan(3, 10);
    await reads(page, "Scanning repo 3/10...");
    await lost[Symbol.asyncDispose]();
    await page.waitForTimeout(2_000);
    assertEquals(await page.getByText("Reconnecting...").count(), 0);
    await page.getByText("Reconnecting...").waitFor();
    await using restarted = servePages(store, { port, sync: new StagedSync(200) });
    await toastsOf(page).filter({ hasText: "Sync failed" }).waitFor();
    await page.getByText("Reconnecting...").waitFor({ state: "detached" });
    await reads(page, /^(Last update|Not yet synced)/);
    await page.waitForTimeout(1_500);
    assertEquals(await toastsOf(page).count(), 1);
    await page.getByRole("button", { name: "Retry" }).click();
    await reads(page, "Scanning repos...");
    assertEquals(restarted.sync.asked, 1);
    await page.context().close();
  });
});
