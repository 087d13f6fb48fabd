import { assertEquals } from "@std/assert";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import type { Browser, Page } from "playwright-core";
import type { Database } from "../../lib/store/database.ts";
import { openPage } from "../support/browser.ts";
import { type OpenBrowser, openBrowser } from "../support/open_browser.ts";
import { type PageServer, servePages } from "../support/page_server.ts";
import { seedStore } from "../support/seed.ts";

describe("a page that is brought up to date", () => {
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

  /** Changes the newest linked commit's subject and waits until the page shows it. */
  async function change(page: Page, subject: string): Promise<void> {
    store.run(
      "UPDATE commits SET subject = ? WHERE id = (SELECT id FROM commits WHERE best_tier = 1 ORDER BY author_at DESC LIMIT 1)",
      subject,
    );
    server.sync.announcements.changed(["commits"]);
    await page.getByRole("link", { name: subject }).first().waitFor();
  }

  const ready = (page: Page) => page.getByText(/^(Last update|Not yet synced)/).waitFor();

  it("keeps the focus on its link, and the text that is selected", async () => {
    const { page, problems } = await openPage(browser);
    await page.goto(`${server.url}/commits`);
    await ready(page);
    const link = page.locator("main tbody tr").nth(4).getByRole("link").first();
    await link.focus();
    const selected = await page.locator("main tbody tr").nth(2).evaluate((row) => {
      const range = document.createRange();
      range.selectNodeContents(row.querySelector("a")!);
      getSelection()!.removeAllRanges();
      getSelection()!.addRange(range);
      return String(getSelection());
    });
    await change(page, "Said anew once");
    assertEquals(await link.evaluate((it) => it === document.activeElement), true);
    assertEquals(await page.evaluate(() => String(getSelection())), selected);
    assertEquals(problems, []);
    await page.context().close();
  });

  it("keeps a list of choices open, with what is chosen in it, and a fold", async () => {
    const { page } = await openPage(browser);
    await page.goto(`${server.url}/?range=all`);
    await ready(page);
    await page.locator("#days-as-table > summary").click();
    const choices = page.getByRole("combobox", { name: "Repository" });
    await choices.focus();
    await page.keyboard.press("ArrowDown");
    const chosen = await choices.inputValue();
    await change(page, "Said anew twice");
    assertEquals(await choices.inputValue(), chosen);
    assertEquals(await choices.evaluate((it) => it === document.activeElement), true);
    assertEquals(await page.locator("#days-as-table").getAttribute("open"), "");
    await page.context().close();
  });

  it("keeps a menu open while what it offers changes, and an explanation that is read", async () => {
    const { page } = await openPage(browser);
    await page.goto(`${server.url}/?range=all`);
    await ready(page);
    const choices = page.getByRole("combobox", { name: "Repository" });
    const isOpen = () => choices.evaluate((it) => it.matches(":open"));
    await choices.click();
    assertEquals(await isOpen(), true);
    store.run("UPDATE repositories SET name = 'renamed' WHERE id = 1");
    await change(page, "Said anew with a menu");
    assertEquals(await isOpen(), true);
    assertEquals(await choices.getByText("renamed").count(), 0);
    await page.keyboard.press("Escape");
    assertEquals(await isOpen(), false);

    const figure = page.locator(".figure .counted").first();
    await figure.focus();
    await change(page, "Said anew with an explanation");
    assertEquals(await figure.locator("xpath=..").locator(".tip").isVisible(), true);
    await page.getByRole("option", { name: "renamed" }).waitFor({ state: "attached" });
    await page.context().close();
  });

  it("keeps the search open that was opened over it, with its words", async () => {
    const { page } = await openPage(browser);
    await page.goto(`${server.url}/commits`);
    await ready(page);
    await page.keyboard.press("Control+K");
    await page.keyboard.type("not yet wri");
    await change(page, "Said anew thrice");
    const field = page.getByRole("combobox", { name: "Sessions, commits, files and prompts" });
    assertEquals(await field.inputValue(), "not yet wri");
    assertEquals(await field.evaluate((it) => it === document.activeElement), true);
    await page.context().close();
  });

  it("says that it reconnects where no sync runs, stays readable, and catches up", async () => {
    const db = seedStore({ sessions: 5, commits: 10, repositories: 1 });
    try {
      const lost = servePages(db);
      const port = Number(new URL(lost.url).port);
      const { page } = await openPage(browser);
      await page.goto(`${lost.url}/commits`);
      await ready(page);
      await lost[Symbol.asyncDispose]();
      await page.getByText("Reconnecting...").waitFor();
      assertEquals(await page.locator("main tbody tr").count(), 10);
      db.run("UPDATE commits SET subject = 'Said while nobody heard'");
      await using _restarted = servePages(db, { port });
      await page.getByRole("link", { name: "Said while nobody heard" }).first().waitFor();
      await page.getByText("Reconnecting...").waitFor({ state: "detached" });
      await ready(page);
      await page.context().close();
    } finally {
      db[Symbol.dispose]();
    }
  });
});
