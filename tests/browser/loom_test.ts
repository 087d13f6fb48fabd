import type { LoomData } from "../../lib/domain/loom.ts";
import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import type { Page } from "playwright-core";

import { daysOf, gesture, inkOf, openLoom, settled, viewOf } from "../support/loom_page.ts";
import { FULL } from "../support/harness.ts";
import { sidewaysOf } from "../support/screens.ts";
import { projectIdOf, repositoryIdOf, seedStore, sessionIdOf } from "../support/seed.ts";
import { useSite } from "../support/site.ts";

const NOW = Date.now();
const DAY = 86_400_000;

const stageOf = (page: Page) => page.locator(".loom-stage");

/** Where the stage is, once the middle of the window shows it. */
async function boxOf(page: Page) {
  await stageOf(page).evaluate((stage) =>
    stage.scrollIntoView({ block: "center", behavior: "instant" })
  );
  return (await stageOf(page).boundingBox())!;
}

describe("the loom", () => {
  const site = useSite(() => seedStore({ sessions: 60, commits: 240, repositories: 3, now: NOW }));

  const open = (page: Page, path: string) => openLoom(page, site.url + path);
  const kindsOf = (page: Page) => page.locator(".loom-details .loom-end-kind");

  site.flow(
    "is on the overview and on the page of a project, a repository and a session",
    async (page) => {
      for (
        const path of [
          "/",
          `/projects/${projectIdOf(1)}`,
          `/repositories/${repositoryIdOf(1)}`,
          `/sessions/${sessionIdOf(30)}`,
        ]
      ) {
        await open(page, path);
        assert(await inkOf(page) > 500, path);
        assertEquals(await sidewaysOf(page), [], path);
      }
    },
  );

  site.flow(
    "shows a day, a week, a month, a quarter or all of it, and the same as a table",
    async (page) => {
      await open(page, "/");
      const named: [name: string, days: number][] = [["Day", 1], ["Week", 7], ["Month", 30]];
      for (const [name, days] of [...named, ["Quarter", 91] as const]) {
        const button = page.getByRole("button", { name, exact: true });
        await button.click();
        assertEquals(daysOf(await settled(() => viewOf(page), (it) => daysOf(it) === days)), days);
        assertEquals(await button.getAttribute("aria-pressed"), "true");
      }
      await page.getByRole("button", { name: "All", exact: true }).click();
      const all = await settled(() => viewOf(page), (view) => daysOf(view) !== 91);
      await page.getByRole("button", { name: "Zoom in" }).click();
      const near = await settled(() => viewOf(page), (view) => daysOf(view) < daysOf(all));
      assert(near.to - near.from < (all.to - all.from) * 0.6);
      await page.getByRole("button", { name: "Zoom out" }).click();
      await settled(() => viewOf(page), (view) => daysOf(view) > daysOf(near));
      await page.getByRole("button", { name: "Day", exact: true }).click();
      const day = await settled(() => viewOf(page), (view) => daysOf(view) === 1);
      await page.getByRole("link", { name: "As a table" }).click();
      await page.getByRole("heading", { level: 1, name: "Commits" }).waitFor();
      const rows = page.locator("main tbody tr");
      const made = site.store.all<{ n: number }>(
        "SELECT COUNT(*) AS n FROM commits WHERE author_at BETWEEN ? AND ?",
        day.from,
        day.to,
      );
      assertEquals(await rows.count(), made[0].n);
    },
  );

  site.flow("moves by dragging and zooms with the wheel, around the pointer", async (page) => {
    await open(page, "/");
    await page.getByRole("button", { name: "Month" }).click();
    const month = await settled(() => viewOf(page), (view) => daysOf(view) === 30);
    assertEquals(daysOf(month), 30);
    const stage = await boxOf(page);
    const middle = { x: stage.x + stage.width / 2, y: stage.y + 120 };
    await page.mouse.move(middle.x, middle.y);
    await page.mouse.down();
    await page.mouse.move(middle.x + stage.width / 5, middle.y, { steps: 5 });
    await page.mouse.up();
    const moved = await settled(() => viewOf(page), (view) => view.from < month.from);
    assert(moved.from < month.from - 3 * DAY);
    await page.mouse.wheel(0, -600);
    const zoomed = await settled(() => viewOf(page), (view) => view.to < moved.to);
    assert(zoomed.to - zoomed.from < (moved.to - moved.from) / 2);
    assert(zoomed.from > moved.from && zoomed.to < moved.to);
  });

  site.flow("traces a commit with both ends' details, and opens it on a click", async (page) => {
    await open(page, `/repositories/${repositoryIdOf(1)}`);
    const data: LoomData =
      await (await page.request.get(`${site.url}/api/loom?repository=${repositoryIdOf(1)}`))
        .json();
    const view = await viewOf(page);
    const stage = await boxOf(page);
    // The names of repositories stand before the times where there is room for them.
    const left = stage.width < 640 ? 0 : 120;
    const xOf = (commit: number) => {
      const share = (data.commits.times[commit] - view.from) / (view.to - view.from);
      return stage.x + left + share * (stage.width - left);
    };
    const isAlone = (commit: number) =>
      data.commits.times.every((_, i) => i === commit || Math.abs(xOf(i) - xOf(commit)) > 4);
    const x = xOf(data.links.commits.find(isAlone)!);
    // One repository has one row: it lies above the line of time.
    for (let y = stage.y + stage.height - 34; y > stage.y + 100; y -= 4) {
      await page.mouse.move(x, y);
      if (await kindsOf(page).count() > 0) break;
    }
    assertEquals(await kindsOf(page).allInnerTexts(), ["Commit", "Session"]);
    const details = page.locator(".loom-details");
    await details.getByText(/sure$/).first().waitFor();
    await details.getByText(/\(#\d+\)/).first().waitFor();
    assertEquals(await sidewaysOf(page), []);
    await page.mouse.down();
    await page.mouse.up();
    await page.waitForURL(/\/commits\//);
  });

  site.flow("traces what a finger taps, and opens it on the next tap", async (page) => {
    await open(page, `/repositories/${repositoryIdOf(1)}`);
    const box = await boxOf(page);
    const row = box.height - 40;
    let x = 4;
    for (; x < box.width && await kindsOf(page).count() === 0; x += 6) {
      await stageOf(page).tap({ position: { x, y: row } });
    }
    assert(await kindsOf(page).count() > 0);
    await stageOf(page).tap({ position: { x: x - 6, y: row } });
    await page.waitForURL(/\/(commits|sessions)\//);
  }, { hasTouch: true });

  site.flow(
    "zooms in where two fingers part, out where they meet, and moves with one",
    async (page) => {
      await open(page, "/");
      const whole = await viewOf(page);
      const length = ({ from, to }: typeof whole) => to - from;

      await gesture(page, [[140, 80], [160, 280]]);
      const near = await settled(() => viewOf(page), (it) => length(it) < length(whole));
      assert(length(near) < length(whole) / 3, `${daysOf(whole)} to ${daysOf(near)} days`);

      await gesture(page, [[120, 240]]);
      const moved = await settled(() => viewOf(page), (it) => it.from < near.from);
      assert(moved.from < near.from, "a finger that goes right brings earlier times");
      assert(Math.abs(length(moved) - length(near)) < DAY / 100);

      await gesture(page, [[80, 160], [280, 200]]);
      const far = await settled(() => viewOf(page), (it) => length(it) > length(moved));
      assert(length(far) > length(moved) * 2, `${daysOf(moved)} to ${daysOf(far)} days`);
    },
    { hasTouch: true },
  );

  site.flow("does all of that with the keyboard alone", async (page) => {
    await open(page, "/");
    await stageOf(page).focus();
    const whole = await viewOf(page);
    await page.keyboard.press("+");
    const zoomed = await settled(() => viewOf(page), (view) => view.from > whole.from);
    assert(zoomed.to - zoomed.from < whole.to - whole.from);
    await page.keyboard.press("Shift+ArrowLeft");
    const moved = await settled(() => viewOf(page), (view) => view.from < zoomed.from);
    assert(moved.from < zoomed.from);
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press("ArrowLeft");
      if (await kindsOf(page).count() > 1) break;
    }
    await page.keyboard.press("ArrowUp");
    const details = page.locator(".loom-details");
    const session = await details.locator("a").first().getAttribute("href");
    assert(session!.startsWith("/sessions/"));
    await page.keyboard.press("Escape");
    await details.getByText("recorded").first().waitFor();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/(commits|sessions)\//);
  });
});

describe("the loom of a busy year", () => {
  const size = FULL ? { sessions: 2_000, commits: 20_000 } : { sessions: 400, commits: 6_000 };
  const site = useSite(() => seedStore({ ...size, repositories: 8, days: 365, now: NOW }));

  it("takes all of it at once, and shows while it moves what it shows at rest", async () => {
    const { page, problems } = await site.open({ viewport: { width: 1200, height: 900 } });
    await openLoom(page, `${site.url}/?range=all`);
    const box = await boxOf(page);
    const all = await viewOf(page);
    const whole = await settled(() => inkOf(page));
    await page.mouse.move(box.x + box.width / 2, box.y + 60);
    await page.mouse.wheel(0, -60);
    assert(await inkOf(page) > whole / 2);
    assert(await settled(() => inkOf(page)) > whole / 2);
    for (let i = 0; i < 6; i++) await page.mouse.wheel(0, -120);
    const zoomed = await settled(() => viewOf(page), (view) => daysOf(view) < daysOf(all));
    assert(daysOf(zoomed) < daysOf(all));
    await page.mouse.wheel(0, 4_000);
    const isWhole = (ink: number) => Math.abs(ink - whole) < whole / 50;
    assert(isWhole(await settled(() => inkOf(page), isWhole)));
    assertEquals(problems, []);
    await page.context().close();
  });
});
