import { assert, assertEquals } from "@std/assert";
import { describe } from "@std/testing/bdd";
import { refreshSearch } from "../../lib/store/write/search_index.ts";
import { SCREENS, sidewaysOf } from "../support/screens.ts";
import { seedStore } from "../support/seed.ts";
import { useSite } from "../support/site.ts";

const FIELD = "Sessions, commits, files and prompts";

describe("finding one's way", () => {
  const site = useSite(async () => {
    const store = seedStore({ sessions: 20, commits: 60, repositories: 3 });
    store.run("UPDATE sessions SET title = 'Teach the kestrel to hover' WHERE id = 7");
    await refreshSearch(store, {});
    return store;
  });

  site.flow(
    "searches from any page with the keyboard alone, and opens what was found",
    async (page, { theme }) => {
      await site.goTo(page, "/projects");
      await page.keyboard.press(theme === "light" ? "Control+K" : "Meta+K");
      await page.keyboard.type("kest");
      const found = page.getByRole("option", { name: /kestrel/ });
      await found.first().waitFor();
      assertEquals(await found.first().getAttribute("aria-selected"), "true");
      await page.keyboard.press("ArrowUp");
      const last = page.getByRole("option").last();
      assertEquals(await last.getAttribute("aria-selected"), "true");
      await page.keyboard.press("ArrowDown");
      assertEquals(await found.first().getAttribute("aria-selected"), "true");
      assertEquals(await sidewaysOf(page), []);
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/sessions\//);
      await page.getByRole("heading", { level: 1, name: "Teach the kestrel to hover" }).waitFor();
    },
  );

  site.flow("opens what is pointed at, and lists everything on a page of its own", async (page) => {
    await site.goTo(page, "/projects");
    await page.getByRole("link", { name: "Search" }).click();
    await page.getByRole("combobox", { name: FIELD }).fill("loom");
    await page.getByRole("option").first().waitFor();
    await page.getByRole("option").nth(1).click();
    await page.waitForURL(/\/(sessions|commits|repositories|projects)\//);
    await page.goto(`${site.url}/search?q=loom`);
    const kinds = await page.locator("main h2").allInnerTexts();
    assert(kinds.length > 1, kinds.join());
    await page.locator("main").getByRole("link", { name: /loom/ }).first().click();
    await page.waitForURL(/\/(sessions|commits|repositories|projects)\//);
  });

  site.flow("gives the focus back when the search is closed", async (page) => {
    const open = page.getByRole("link", { name: "Search" });
    await open.click();
    const field = page.getByRole("combobox", { name: FIELD });
    await field.waitFor();
    await page.keyboard.type("zzzzzz");
    await page.getByText("Nothing was found").waitFor();
    await page.keyboard.press("Escape");
    await field.waitFor({ state: "hidden" });
    assert(await open.evaluate((it) => it === document.activeElement));
  }, { from: "/", screens: SCREENS });

  site.flow("searches without JavaScript", async (page) => {
    await page.goto(site.url);
    await page.getByRole("link", { name: "Search" }).click();
    await page.locator("main input[type=search]").fill("kestrel");
    await page.locator("main input[type=search]").press("Enter");
    await page.getByRole("link", { name: /kestrel/ }).first().click();
    await page.getByRole("heading", { level: 1, name: "Teach the kestrel to hover" }).waitFor();
  }, { javaScriptEnabled: false });

  site.flow("shows its keys, and goes to pages by them", async (page, { theme }) => {
    await site.goTo(page, "/projects");
    const keys = page.getByRole("dialog", { name: "Keys" });
    if (theme === "light") await page.keyboard.press("?");
    else await page.getByRole("link", { name: "Help and keys" }).click();
    await keys.getByText("Follow a thread to its session or its commit").waitFor();
    assertEquals(await sidewaysOf(page), []);
    if (theme === "light") await page.keyboard.press("Escape");
    else await keys.getByRole("button", { name: "Close" }).click();
    await keys.waitFor({ state: "hidden" });
    await page.keyboard.press("g");
    await page.keyboard.press("c");
    await page.waitForURL(/\/commits$/);
  });

  site.flow("leads to every page by the names at its head", async (page) => {
    const names = page.getByRole("navigation", { name: "Pages" }).getByRole("link");
    const pages = await names.allInnerTexts();
    assert(pages.length >= 6);
    for (const name of pages) {
      const link = names.filter({ hasText: name });
      await link.click();
      await page.getByRole("heading", { level: 1, name }).waitFor();
      assertEquals(await link.getAttribute("aria-current"), "page");
      assertEquals(await sidewaysOf(page), []);
    }
  }, { from: "/projects" });
});
