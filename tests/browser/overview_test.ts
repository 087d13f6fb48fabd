import { assert, assertEquals } from "@std/assert";
import { describe } from "@std/testing/bdd";
import type { Page } from "playwright-core";
import { showOn, sidewaysOf } from "../support/screens.ts";
import { repositoryIdOf, seedStore } from "../support/seed.ts";
import { useSite } from "../support/site.ts";

const HOUR = 3_600_000;

describe("the overview", () => {
  const now = Date.now();
  const site = useSite(() => seedStore({ sessions: 30, commits: 90, repositories: 3, now }));

  const choicesOf = (page: Page) => page.getByRole("combobox", { name: "Repository" });

  /** What the page says to filter by, and the first number that it shows of that. */
  async function shownOf(page: Page) {
    const range = page.getByRole("navigation", { name: "Range" }).locator("[aria-current=page]");
    const figure = page.locator(".figure", { has: page.getByText("Sessions", { exact: true }) })
      .locator("dd").first();
    return {
      range: await range.innerText(),
      repository: await choicesOf(page).inputValue(),
      sessions: await figure.innerText(),
    };
  }

  site.flow(
    "keeps its range and its repository in the address: back, forward and shared",
    async (page, screen) => {
      await site.goTo(page, "/");
      await page.getByRole("link", { name: "30 days" }).click();
      await page.waitForURL(/\?range=month$/);
      const month = await shownOf(page);
      await choicesOf(page).selectOption(repositoryIdOf(2));
      await page.getByRole("button", { name: "Show" }).click();
      await page.waitForURL(/range=month&repository=0{39}2$/);
      const narrowed = await shownOf(page);
      assertEquals([narrowed.range, narrowed.repository], ["30 days", repositoryIdOf(2)]);
      assert(Number(narrowed.sessions) < Number(month.sessions));
      await page.goBack();
      assertEquals(await shownOf(page), month);
      await page.goForward();
      assertEquals(await shownOf(page), narrowed);

      const { page: shared } = await site.open();
      await showOn(shared, screen);
      await shared.goto(page.url());
      assertEquals(await shownOf(shared), narrowed);
      await shared.context().close();
    },
  );

  site.flow("says what is new since the last visit, and leads to it", async (page) => {
    const before = now - 24 * HOUR;
    await page.context().clearCookies();
    await site.goTo(page, "/");
    await page.getByText("Nothing leaves this machine.").waitFor();
    await page.context().addCookies([
      { name: "ascribe-visit", value: `.${before}`, url: site.url },
    ]);
    await page.reload();
    const news = page.locator(".news");
    assert((await news.innerText()).startsWith("Since your last visit"));
    const [{ n }] = site.store.all<{ n: number }>(
      "SELECT COUNT(*) AS n FROM commits WHERE author_at >= ?",
      before,
    );
    assert(n > 0);
    await news.getByRole("link", { name: `${n} commits` }).click();
    await page.getByRole("heading", { level: 1, name: "Commits" }).waitFor();
    assertEquals(await page.locator("main tbody tr").count(), n);
  });

  site.flow(
    "counts commits by session, by hand and unknown for each day, and leads from a number to its list",
    async (page) => {
      await site.goTo(page, "/?range=quarter");
      const chart = page.locator(".day-chart");
      for (const key of ["with a session", "by hand", "unknown", "by others"]) {
        assert(await chart.locator(".key").getByText(key, { exact: true }).isVisible(), key);
      }
      await chart.locator("summary").click();
      const row = chart.locator("tbody tr").first();
      assertEquals(await row.locator("td").count(), 6);
      assertEquals(await sidewaysOf(page), []);
      await row.getByRole("link").click();
      await page.waitForURL(/\/commits\?from=/);
      await page.goBack();
      const without = page.locator(".figure").filter({ hasText: "Without a session" });
      const count = await without.locator("dd").first().innerText();
      await without.getByRole("link", { name: "See them" }).click();
      await page.getByRole("heading", { level: 1, name: "Commits" }).waitFor();
      assertEquals(await page.locator(".page-head .facts").innerText(), `${count} commits match`);
    },
  );

  site.flow("ranks repositories by their newest commit, and leads to each", async (page) => {
    await site.goTo(page, "/");
    const rows = page.getByRole("region", { name: "Repositories" }).locator("tbody tr");
    assertEquals(await rows.count(), 3);
    const name = await rows.first().getByRole("link").innerText();
    await rows.first().getByRole("link").click();
    await page.getByRole("heading", { level: 1, name }).waitFor();
  });
});
