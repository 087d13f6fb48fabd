import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { goTo } from "../support/screens.ts";
import { startServer } from "../support/server.ts";
import { useSampleSite } from "../support/site.ts";

/** What the line said so far, in order, each text once. */
async function watchLine(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const seen: string[] = [];
    const look = () => {
      const text = document.querySelector(".status-text")?.textContent ?? "";
      if (seen.at(-1) !== text) seen.push(text);
    };
    Object.assign(globalThis, { seen });
    new MutationObserver(look).observe(document.querySelector(".status-bar")!, {
      subtree: true,
      childList: true,
      characterData: true,
    });
  });
  return () => page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen);
}

describe("a sync of the sample workspace", () => {
  const site = useSampleSite();

  /** Moves the transcripts of half the projects aside; what it gives brings them back. */
  async function holdBack(): Promise<() => Promise<void>> {
    const projects = join(site.claudeDir, "projects");
    const aside = join(site.folder, `aside-${crypto.randomUUID()}`);
    await Deno.mkdir(aside);
    const names = [...Deno.readDirSync(projects)].map(({ name }) => name).sort();
    const held = names.slice(names.length / 2);
    for (const name of held) await Deno.rename(join(projects, name), join(aside, name));
    return async () => {
      for (const name of held) await Deno.rename(join(aside, name), join(projects, name));
    };
  }

  site.flow(
    "is told live, ends in one toast, and brings the page up to date where it is",
    async (page) => {
      const bringBack = await holdBack();
      await using server = await startServer({ claudeDir: site.claudeDir });
      await goTo(page, `${server.url}/sessions`);
      await page.getByText(/^Last update/).waitFor();
      const matches = page.locator(".page-head .facts");
      const before = await matches.innerText();
      const words = page.getByRole("searchbox", { name: "Search" });
      await words.fill("half a wo");
      await words.evaluate((field: HTMLInputElement) => {
        field.focus({ preventScroll: true });
        field.setSelectionRange(2, 5);
        scrollTo({ top: 60, behavior: "instant" });
        Object.assign(globalThis, { sameDocument: true });
      });
      const lineWas = await watchLine(page);
      await bringBack();
      // A real click would take the focus from the field.
      await page.getByRole("button", { name: "Sync now" }).evaluate((button) =>
        (button as HTMLButtonElement).click()
      );
      const toast = page.locator(".toast");
      await toast.getByText("Sync completed").waitFor({ timeout: 30_000 });
      await page.waitForFunction(
        (was) => document.querySelector(".page-head .facts")?.textContent !== was,
        before,
      );
      const said = await lineWas();
      assert(said.some((text) => /^Scanning repo \d+\/\d+\.\.\.$/.test(text)), said.join("\n"));
      assert(said.some((text) => /^Linking sessions \d+\/\d+\.\.\. \(\d+ links?\)$/.test(text)));
      assertEquals(await toast.count(), 1);
      assert(/^\d+ repos \| [\d,]+ commits \| [\d,]+ links/.test(
        await toast.locator(".toast-detail").innerText(),
      ));
      assertEquals(
        await page.evaluate(() => {
          const field = document.activeElement as HTMLInputElement;
          return {
            sameDocument: "sameDocument" in globalThis,
            scroll: Math.round(scrollY),
            value: field.value,
            selection: [field.selectionStart, field.selectionEnd],
          };
        }),
        { sameDocument: true, scroll: 60, value: "half a wo", selection: [2, 5] },
      );
      // The server of this flow ends with it.
      await page.goto(`${site.url}/help`);
    },
  );

  it("keeps open what was open, and shows what a background sync found", async () => {
    const bringBack = await holdBack();
    await using server = await startServer({ claudeDir: site.claudeDir });
    const { page } = await site.open();
    await page.goto(server.url);
    await page.getByText(/^Last update/).waitFor();
    await page.locator("#days-as-table > summary").click();
    const before = await page.locator(".page-head .facts").innerText();
    const response = await page.request.put(`${server.url}/api/settings/git-sync-interval`, {
      data: { seconds: 10 },
      headers: { origin: server.url },
    });
    assert(response.ok());
    await bringBack();
    await page.waitForFunction(
      (was) => document.querySelector(".page-head .facts")?.textContent !== was,
      before,
      { timeout: 30_000 },
    );
    assert(await page.locator("#days-as-table").evaluate((it) => (it as HTMLDetailsElement).open));
    assertEquals(await page.locator(".toast").count(), 0);
    await page.context().close();
  });

  it("that its server's end cut short is said once, and can be tried again", async () => {
    const { claudeDir, server: { dataDir, url } } = site;
    const port = Number(new URL(url).port);
    const { page } = await site.open();
    await page.clock.install();
    await goTo(page, url);
    const lineWas = await watchLine(page);
    // The run is held in its first phase for as long as the test needs it.
    await page.route("**/api/sync/git", async (route) => {
      const response = await route.fetch();
      await site.server.stop();
      await route.fulfill({ response });
    }, { times: 1 });
    await page.getByRole("button", { name: "Sync now" }).click();
    await page.locator(".status-text").getByText(/\.\.\.$/).waitFor();
    site.server = await startServer({ claudeDir, dataDir, port });
    const toast = page.locator(".toast");
    await toast.first().waitFor({ timeout: 20_000 });
    await page.clock.runFor(3_000);
    assertEquals(await toast.count(), 1, (await lineWas()).join("\n"));
    const again = toast.getByRole("button", { name: "Retry" })
      .or(page.getByRole("button", { name: "Sync now" })).first();
    await again.click();
    await page.locator(".toast").getByText(/Already up to date|Sync completed/).last().waitFor();
    await page.context().close();
  });
});
