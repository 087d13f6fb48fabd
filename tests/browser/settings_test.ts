import { assert, assertEquals } from "@std/assert";
import { describe } from "@std/testing/bdd";
import type { Page } from "playwright-core";
import { SCREENS } from "../support/screens.ts";
import { useSampleSite } from "../support/site.ts";

describe("settings", () => {
  const site = useSampleSite();

  const partOf = (page: Page, name: string) => page.getByRole("region", { name, exact: true });
  const paperOf = (page: Page) =>
    page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

  site.flow(
    "keep a chosen theme, whatever the system's is, and say that it was chosen",
    async (page, { theme }) => {
      await site.goTo(page, "/settings");
      const system = await paperOf(page);
      const part = partOf(page, "Theme");
      await part.getByText("The default.").waitFor();
      const other = theme === "light" ? "dark" : "light";
      await part.getByLabel(other === "dark" ? "Dark" : "Light").check();
      await part.getByRole("button", { name: "Save" }).click();
      await page.locator(`html[data-theme=${other}]`).waitFor();
      assert(await paperOf(page) !== system);
      await part.getByText("Saved in this browser.").waitFor();
      await part.getByLabel("System").check();
      await part.getByRole("button", { name: "Save" }).click();
      await page.locator("html:not([data-theme])").waitFor();
      assertEquals(await paperOf(page), system);
    },
  );

  site.flow("write times in the chosen zone, and begin weeks on the chosen day", async (page) => {
    const choose = async (zone: string, week: string) => {
      await page.goto(`${site.url}/settings`);
      const part = partOf(page, "Time");
      await part.getByLabel("Time zone").selectOption(zone);
      await part.getByLabel("Weeks begin on").selectOption({ label: week });
      await part.getByRole("button", { name: "Save" }).click();
      await page.waitForURL(/#time$/);
      assertEquals(await part.getByLabel("Time zone").inputValue(), zone);
      assertEquals(await page.locator("html").getAttribute("data-zone"), zone || null);
    };
    const firstTime = async () => {
      await page.goto(`${site.url}/sessions`);
      return await page.locator("main tbody time").first().innerText();
    };
    const usual = await firstTime();
    await choose("Pacific/Chatham", "Sunday");
    assertEquals(await page.locator("html").getAttribute("data-week"), "0");
    assert(await firstTime() !== usual);
    await choose("", "Monday");
    assertEquals(await firstTime(), usual);
  });

  site.flow("change the interval, and refuse what it cannot be", async (page) => {
    await page.goto(`${site.url}/settings`);
    const seconds = page.getByLabel("Every");
    await seconds.fill("300");
    await seconds.press("Enter");
    await page.getByText("Default: 60.").waitFor();
    await page.getByText("Set here, kept in the database.").waitFor();
    assertEquals((await site.read("/api/status")).gitSyncIntervalSecs, 300);
    await seconds.fill("5");
    await seconds.press("Enter");
    await page.getByRole("alert").getByText("The interval must be 0 (off)").waitFor();
    await page.goto(`${site.url}/settings`);
    await seconds.fill("0");
    await partOf(page, "Background syncs").getByRole("button", { name: "Save" }).click();
    await page.getByText("Off: Ascribe looks for new work only when you press Sync now.").waitFor();
  }, { javaScriptEnabled: false, meetsErrors: true });

  site.flow("leave a repository out, and take it in again", async (page) => {
    await page.goto(`${site.url}/settings`);
    const part = partOf(page, "Repositories");
    await part.getByRole("button", { name: "Exclude ferry" }).click();
    await part.getByText(/^excluded here/).waitFor();
    await part.getByRole("link", { name: "ferry" }).click();
    await page.getByText("excluded by a setting").first().waitFor();
    await page.goto(`${site.url}/settings`);
    await part.getByRole("button", { name: "Include ferry" }).click();
    await part.getByText(/^excluded here/).waitFor({ state: "detached" });
  }, { javaScriptEnabled: false });

  site.flow(
    "keep where a folder was moved to, take it back, and refuse one that is not there",
    async (page) => {
      await page.goto(`${site.url}/settings`);
      const part = partOf(page, "Moved folders");
      await part.getByLabel("Old path").fill("/home/ada/old");
      await part.getByLabel("New path").fill("/nowhere/at/all");
      await part.getByLabel("New path").press("Enter");
      await page.getByRole("alert").getByText("There is no folder /nowhere/at/all.").waitFor();
      await part.getByLabel("Old path").fill("/home/ada/old");
      await part.getByLabel("New path").fill(site.folder);
      await part.getByLabel("New path").press("Enter");
      await part.getByText(`/home/ada/old → ${site.folder}`).waitFor();
      await part.getByRole("button", { name: "Take back: /home/ada/old" }).click();
      await part.getByText("/home/ada/old →").waitFor({ state: "detached" });
    },
    { javaScriptEnabled: false, meetsErrors: true },
  );

  site.flow(
    "say where every folder and value comes from, and how large the data is",
    async (page) => {
      const agents = partOf(page, "Agents");
      await agents.getByText(site.claudeDir, { exact: true }).waitFor();
      await agents.getByText("From the environment variable CLAUDE_CONFIG_DIR.").waitFor();
      const data = partOf(page, "Data folder");
      await data.getByText("From the environment variable ASCRIBE_DATA_DIR.").waitFor();
      await data.getByText(/^[\d.]+ [KM]B: the database [\d.]+ [KM]B/).waitFor();
      await partOf(page, "Address").getByText("From the flag --port.").waitFor();
      await partOf(page, "Log").getByText("The default.").waitFor();
    },
    { from: "/settings", screens: SCREENS },
  );

  site.flow("read every transcript again, and keep every session", async (page) => {
    const { sessionsIndexed } = await site.read("/api/status");
    await site.goTo(page, "/settings");
    const newest = async () => (await site.read("/api/sync/runs?limit=1")).items[0];
    const { id } = await newest();
    await page.getByRole("button", { name: "Read every session again" }).click();
    let run = await newest();
    while (run.id === id || run.endedAt === null) run = await newest();
    assertEquals(run.outcome, "completed");
    await page.locator(".status-bar").getByText(/^Last update/).waitFor();
    assertEquals((await site.read("/api/status")).sessionsIndexed, sessionsIndexed);
  });

  site.flow("erase everything once what goes was named and the word was typed", async (page) => {
    await site.goTo(page, "/settings");
    const part = partOf(page, "Erase");
    await part.getByText(/Removes [\d,]+ sessions, [\d,]+ commits and [\d,]+ links/).waitFor();
    const word = part.getByLabel("Type erase");
    await word.fill("yes");
    await part.getByRole("button", { name: "Erase everything" }).click();
    assert(await word.evaluate((it: HTMLInputElement) => it.matches(":invalid")));
    assert((await site.read("/api/status")).sessionsIndexed > 0);
    await word.fill("erase");
    await part.getByRole("button", { name: "Erase everything" }).click();
    await page.getByText("Not yet synced").waitFor();
    assertEquals((await site.read("/api/status")).sessionsIndexed, 0);
    await site.goTo(page, "/");
    await page.getByText("No session has been read yet.").waitFor();
    await page.getByRole("button", { name: "Sync now" }).click();
    await page.locator(".toast").getByText("Sync completed").waitFor();
    await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  });
});
