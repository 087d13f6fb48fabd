import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import type { Page } from "playwright-core";
import { servePages } from "../support/page_server.ts";
import { goTo, SCREENS, showOn, sidewaysOf } from "../support/screens.ts";
import { seedStore } from "../support/seed.ts";
import { freePort } from "../support/server.ts";
import { useSite } from "../support/site.ts";

describe("a page that is brought up to date", () => {
  const site = useSite(() => seedStore({ sessions: 20, commits: 60, repositories: 3 }));
  let changes = 0;

  /** Changes the newest linked commit's subject and waits until the page shows it. */
  async function change(page: Page): Promise<void> {
    const subject = `Said anew for the ${++changes}. time`;
    site.store.run(
      "UPDATE commits SET subject = ? WHERE id = (SELECT id FROM commits WHERE best_tier = 1 ORDER BY author_at DESC LIMIT 1)",
      subject,
    );
    await site.announce(["commits"], page.getByRole("link", { name: subject }).first());
  }

  site.flow(
    "keeps the focus on its link, the text that is selected, and where it is scrolled to",
    async (page) => {
      const link = page.locator("main tbody tr").nth(14).getByRole("link").first();
      await link.focus();
      const selected = await page.locator("main tbody tr").nth(12).evaluate((row) => {
        const range = document.createRange();
        range.selectNodeContents(row.querySelector("a")!);
        getSelection()!.removeAllRanges();
        getSelection()!.addRange(range);
        return String(getSelection());
      });
      await page.evaluate(() => scrollTo({ top: 150, behavior: "instant" }));
      await change(page);
      assert(await link.evaluate((it) => it === document.activeElement));
      assertEquals(await page.evaluate(() => String(getSelection())), selected);
      assertEquals(await page.evaluate(() => Math.round(scrollY)), 150);
    },
    { from: "/commits" },
  );

  site.flow("keeps a list of choices open, with what is chosen in it, and a fold", async (page) => {
    await site.goTo(page, "/?range=all");
    const fold = page.locator("#days-as-table");
    await fold.locator("summary").click();
    const choices = page.getByRole("combobox", { name: "Repository" });
    await choices.focus();
    await page.keyboard.press("ArrowDown");
    const chosen = await choices.inputValue();
    await change(page);
    assertEquals(await choices.inputValue(), chosen);
    assert(await choices.evaluate((it) => it === document.activeElement));
    assertEquals(await fold.getAttribute("open"), "");
  });

  site.flow(
    "keeps a menu open while what it offers changes, and an explanation that is read",
    async (page) => {
      const name = `renamed ${changes}`;
      const choices = page.getByRole("combobox", { name: "Repository" });
      const isOpen = () => choices.evaluate((it) => it.matches(":open"));
      await choices.click();
      assert(await isOpen());
      site.store.run("UPDATE repositories SET name = ? WHERE id = 1", name);
      await change(page);
      assert(await isOpen());
      assertEquals(await choices.getByText(name).count(), 0);
      await page.keyboard.press("Escape");
      assertEquals(await isOpen(), false);

      const figure = page.locator(".figure .counted").first();
      await figure.focus();
      await change(page);
      assert(await figure.locator("xpath=..").locator(".tip").isVisible());
      await page.getByRole("option", { name }).waitFor({ state: "attached" });
      await figure.blur();
    },
    { from: "/?range=all" },
  );

  site.flow("keeps the search open that was opened over it, with its words", async (page) => {
    await page.keyboard.press("Control+K");
    await page.keyboard.type("not yet wri");
    await change(page);
    const field = page.getByRole("combobox", {
      name: "Sessions, commits, files and prompts",
    });
    assertEquals(await field.inputValue(), "not yet wri");
    assert(await field.evaluate((it) => it === document.activeElement));
    await field.fill("");
    await page.keyboard.press("Escape");
    await field.waitFor({ state: "hidden" });
  }, { from: "/commits" });

  it("says that it reconnects where no sync runs, stays readable, and catches up", async () => {
    using store = seedStore({ sessions: 5, commits: 10, repositories: 1 });
    const port = freePort();
    const lost = servePages(store, { port });
    const { page } = await site.open();
    await page.clock.install();
    await goTo(page, `${lost.url}/commits`);
    const noticed = page.waitForEvent("requestfailed");
    await lost[Symbol.asyncDispose]();
    await noticed;
    await page.clock.fastForward(5_000);
    const reconnecting = page.getByText("Reconnecting...");
    await reconnecting.waitFor();
    for (const screen of SCREENS) {
      await showOn(page, screen);
      assert(await reconnecting.isVisible(), JSON.stringify(screen));
      assertEquals(await page.locator("main tbody tr").count(), 10);
      assertEquals(await sidewaysOf(page), []);
    }
    store.run("UPDATE commits SET subject = 'Said while nobody heard'");
    await using _restarted = servePages(store, { port });
    await page.getByRole("link", { name: "Said while nobody heard" }).first().waitFor();
    await reconnecting.waitFor({ state: "detached" });
    await page.getByText(/^(Last update|Not yet synced)/).waitFor();
    await page.context().close();
  });
});
