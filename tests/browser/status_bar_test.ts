import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import type { Page } from "playwright-core";
import { servePages, StagedSync } from "../support/page_server.ts";
import { SCREENS, showOn, sidewaysOf } from "../support/screens.ts";
import { seedStore } from "../support/seed.ts";
import { freePort } from "../support/server.ts";
import { useSite } from "../support/site.ts";

const lineOf = (page: Page) => page.getByRole("contentinfo").locator(".status-text");
const toastsOf = (page: Page) => page.locator(".toast");
const syncNow = (page: Page) => page.getByRole("button", { name: "Sync now" });

/** Waits until the line reads as `text`. */
async function reads(page: Page, text: string | RegExp): Promise<void> {
  await lineOf(page).getByText(text, { exact: true }).waitFor();
}

describe("StatusBar", () => {
  const site = useSite(() => seedStore({ sessions: 12, commits: 30, repositories: 3 }));

  const start = (page: Page, path = "/projects") => site.goTo(page, path);

  /** Takes away the toasts of the screen before, so that those of this one can be counted. */
  async function dismissAll(page: Page): Promise<void> {
    const dismiss = toastsOf(page).getByRole("button", { name: "Dismiss" });
    while (await dismiss.count() > 0) await dismiss.first().click();
  }

  site.flow("tells a run from the press to one toast with its totals", async (page) => {
    const { sync } = site;
    sync.readsFirst = true;
    await syncNow(page).click();
    await reads(page, "Reading sessions...");
    sync.read("indexing", 120, 1000);
    await reads(page, "Reading sessions 120/1,000...");
    sync.read("ready", 1000, 1000);
    sync.readsFirst = false;
    await reads(page, "Scanning repos...");
    sync.scan(3, 10);
    await reads(page, "Scanning repo 3/10...");
    sync.scan(10, 10);
    sync.link(0, 0, 0);
    await reads(page, "Linking commits... (0 links)");
    sync.link(5, 8, 12);
    await reads(page, "Linking sessions 5/8... (12 links)");
    assertEquals(await sidewaysOf(page), []);
    sync.finish({ commits: 42 });
    await toastsOf(page).getByText("10 repos | 42 commits | 12 links").waitFor();
    assertEquals(await toastsOf(page).count(), 1);
    await reads(page, /^(Last update|Not yet synced)/);
    await dismissAll(page);
  }, { from: "/", screens: SCREENS });

  site.flow("shows an error in one toast whose Retry starts the sync again", async (page) => {
    const { sync } = site;
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
    await dismissAll(page);
  }, { from: "/projects", screens: SCREENS });

  it("keeps a toast for six seconds, longer while it is pointed at", async () => {
    const { page } = await site.open();
    await page.clock.install();
    await page.goto(site.url);
    await syncNow(page).click();
    await reads(page, "Scanning repos...");
    site.sync.finish();
    await toastsOf(page).getByText("Already up to date").hover();
    await page.clock.runFor(20_000);
    assertEquals(await toastsOf(page).count(), 1);
    await page.mouse.move(1, 1);
    await page.clock.runFor(6_100);
    assertEquals(await toastsOf(page).count(), 0);
    await page.context().close();
  });

  site.flow("says on a conflict that a sync is in progress, and follows it", async (page) => {
    const { sync } = site;
    await page.route("**/api/events", (route) => route.abort());
    await start(page);
    sync.trigger();
    await syncNow(page).click();
    await toastsOf(page).getByText("Sync already in progress").waitFor();
    sync.scan(1, 4);
    await reads(page, "Scanning repo 1/4...");
    sync.finish();
    await toastsOf(page).getByText("Already up to date").waitFor();
    assertEquals(await toastsOf(page).getByText("Already up to date").count(), 1);
    await page.unrouteAll();
  }, { meetsErrors: true });

  site.flow(
    "shows another tab's sync, with one toast in each and one connection for both",
    async (first, screen) => {
      const { sync } = site;
      const second = await first.context().newPage();
      await showOn(second, screen);
      await start(first);
      await start(second, "/commits");
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
      await second.close();
    },
  );

  site.flow(
    "hands the connection on when its tab closes, in the middle of a run",
    async (second, screen) => {
      const { sync } = site;
      await second.goto("about:blank");
      const first = await second.context().newPage();
      await showOn(first, screen);
      await start(first);
      await start(second);
      await syncNow(first).click();
      await reads(first, "Scanning repos...");
      sync.scan(1, 9);
      await reads(second, "Scanning repo 1/9...");
      await first.close();
      sync.scan(4, 9);
      await reads(second, "Scanning repo 4/9...");
      sync.finish();
      await toastsOf(second).getByText("Already up to date").waitFor();
    },
  );

  site.flow(
    "follows a run that was on its way when the page was loaded, and is silent about one that had ended",
    async (page) => {
      const { sync } = site;
      sync.trigger();
      sync.scan(1, 2);
      await page.goto(`${site.url}/projects`);
      await reads(page, "Scanning repo 1/2...");
      sync.finish();
      await toastsOf(page).getByText("Already up to date").waitFor();
      await start(page, "/sessions");
      // What was announced after the page came has been dealt with once it is shown.
      site.store.run("UPDATE sessions SET title = ? WHERE id = 12", `After ${sync.asked} runs`);
      await site.announce(
        ["sessions"],
        page.getByRole("link", { name: `After ${sync.asked} runs` }),
      );
      assertEquals(await toastsOf(page).count(), 0);
    },
  );

  site.flow("cancels", async (page) => {
    await syncNow(page).click();
    await page.getByRole("button", { name: "Cancel" }).click();
    const toast = toastsOf(page).filter({ hasText: "Sync cancelled" });
    await toast.waitFor();
    assertEquals(await toast.getByRole("button", { name: "Retry" }).count(), 0);
    await dismissAll(page);
  }, { from: "/projects", screens: SCREENS });

  site.flow("works with the keyboard alone", async (page) => {
    await syncNow(page).focus();
    await page.keyboard.press("Enter");
    await reads(page, "Scanning repos...");
    assert(await syncNow(page).evaluate((button) => button === document.activeElement));
    site.sync.fail("No space left on device");
    const retry = page.getByRole("button", { name: "Retry" });
    await retry.waitFor();
    for (let i = 0; i < 6 && !await retry.evaluate((it) => it === document.activeElement); i++) {
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Space");
    await reads(page, "Scanning repos...");
    site.sync.finish();
    await toastsOf(page).getByText("Already up to date").waitFor();
    await dismissAll(page);
  }, { from: "/projects", screens: SCREENS });

  site.flow(
    "opens a panel with each repository's state, how long the run takes, and the runs before",
    async (page) => {
      const { sync, store } = site;
      await syncNow(page).click();
      await reads(page, "Scanning repos...");
      const { runId } = sync.current!;
      const failed = [{ repo: "/home/ada/src/loom-1", code: "corrupt", message: "Run git fsck." }];
      store.run("UPDATE sync_runs SET failures = ? WHERE id = 30", JSON.stringify(failed));
      store.run("UPDATE sync_runs SET outcome = 'failed', error = 'Disk full' WHERE id = 29");
      store.run(
        `INSERT INTO sync_runs (id, kind, started_at, outcome, repos_scanned, total_repos)
          VALUES (?, 'user', ?, 'running', 0, 6)`,
        runId,
        Date.now() - 65_000,
      );
      const said = "Run git fsck in /home/ada/src/ledger-2.";
      const states = ["queued", "scanning", "scanned", "unchanged", "empty"] as const;
      sync.repositories.note(runId, [
        ...states.map((state) => ({ repo: `/home/ada/src/${state}`, state, message: null })),
        { repo: "/home/ada/src/ledger-2", state: "failed", message: said },
      ]);
      sync.scan(1, 6);
      await page.getByRole("button", { name: "Details" }).click();
      const panel = page.getByRole("region", { name: "Syncs" });
      await panel.getByText(said).waitFor();
      const items = panel.locator("[aria-labelledby=sync-repositories] .sync-state");
      assertEquals(
        (await items.allInnerTexts()).map((text) => text.toLowerCase()),
        ["failed", "scanning...", "queued", "scanned", "no commits", "unchanged"],
      );
      await panel.getByText(/^1 min \d+ s$/).waitFor();
      const runs = panel.getByRole("region", { name: "Sync history" });
      await runs.getByText("background").first().waitFor();
      await runs.getByText("Disk full").waitFor();
      await runs.getByText("1 repository failed").click();
      await runs.getByText("Run git fsck.").waitFor();
      assertEquals(await sidewaysOf(page), []);
      await page.keyboard.press("Escape");
      await panel.waitFor({ state: "hidden" });
      const details = page.getByRole("button", { name: "Details" });
      assert(await details.evaluate((it) => it === document.activeElement));
      sync.finish({ failed: 1 });
      // Never a green toast over a failure.
      await page.locator(".toast-warning").getByText("1 repository failed").waitFor();
      assertEquals(await page.locator(".toast-success").count(), 0);
      store.run("DELETE FROM sync_runs WHERE id = ?", runId);
      await dismissAll(page);
    },
    { from: "/projects", screens: SCREENS },
  );

  it("says that it reconnects after five seconds, and that a restarted server lost the run, once", async () => {
    const sync = new StagedSync();
    const port = freePort();
    const lost = servePages(site.store, { sync, port });
    const { page } = await site.open();
    await page.clock.install();
    await page.goto(lost.url);
    await syncNow(page).click();
    await reads(page, "Scanning repos...");
    sync.scan(3, 10);
    await reads(page, "Scanning repo 3/10...");
    const noticed = page.waitForEvent("requestfailed");
    await page.clock.pauseAt(await page.evaluate(() => Date.now() + 1_000));
    await lost[Symbol.asyncDispose]();
    await noticed;
    const reconnecting = page.getByText("Reconnecting...");
    await page.clock.runFor(4_900);
    assertEquals(await reconnecting.count(), 0);
    await page.clock.resume();
    await reconnecting.waitFor();
    for (const screen of SCREENS) {
      await showOn(page, screen);
      assert(await reconnecting.isVisible(), JSON.stringify(screen));
      assertEquals(await sidewaysOf(page), []);
    }
    await using restarted = servePages(site.store, { port, sync: new StagedSync(200) });
    await reconnecting.waitFor({ state: "detached" });
    await page.clock.runFor(2_000);
    await toastsOf(page).filter({ hasText: "Sync failed" }).waitFor();
    await reads(page, /^(Last update|Not yet synced)/);
    await page.clock.runFor(3_000);
    assertEquals(await toastsOf(page).count(), 1);
    await page.getByRole("button", { name: "Retry" }).click();
    await reads(page, "Scanning repos...");
    assertEquals(restarted.sync.asked, 1);
    await page.context().close();
  });
});
