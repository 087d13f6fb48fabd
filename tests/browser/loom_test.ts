import { assert, assertEquals } from "@std/assert";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import type { Browser, Page } from "playwright-core";
import type { LoomData } from "../../lib/client/loom/loom_data.ts";
import type { Database } from "../../lib/store/database.ts";
import { openPage } from "../support/browser.ts";
import { type OpenBrowser, openBrowser } from "../support/open_browser.ts";
import { type PageServer, servePages } from "../support/page_server.ts";
import { seedStore, sessionIdOf } from "../support/seed.ts";

const NOW = Date.now();

/** The stretch of time in view, as the link to the table names it. */
async function viewOf(page: Page): Promise<{ from: number; to: number }> {
  const href = await page.getByRole("link", { name: "As a table" }).first().getAttribute("href");
  const params = new URL(href!, "http://host").searchParams;
  return { from: Date.parse(params.get("from")!), to: Date.parse(params.get("to")!) };
}

function daysOf({ from, to }: { from: number; to: number }): number {
  return Math.round((to - from) / 86_400_000);
}

/** What `read` gives once it is as wanted and stays so; what it gave last if that takes too long. */
async function settled<Value>(
  read: () => Promise<Value>,
  isWanted: (value: Value) => boolean = () => true,
): Promise<Value> {
  const deadline = performance.now() + 20_000;
  let last = await read();
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    const now = await read();
    const isAtRest = isWanted(now) && JSON.stringify(now) === JSON.stringify(last);
    if (isAtRest || performance.now() > deadline) return now;
    last = now;
  }
}

async function openLoom(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.locator(".loom[data-loom=ready]").waitFor();
  await settled(() => inkOf(page), (ink) => ink > 0);
}

/** How many pixels of the canvas are not of its first one's colour. */
async function inkOf(page: Page): Promise<number> {
  return await page.locator(".loom canvas").evaluate((canvas: HTMLCanvasElement) => {
    const context = canvas.getContext("2d")!;
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    let ink = 0;
    for (let i = 4; i < data.length; i += 4) if (data[i] !== data[0]) ink++;
    return ink;
  });
}

describe("the loom", () => {
  let opened: OpenBrowser;
  let browser: Browser;
  let store: Database;
  let server: PageServer;

  beforeAll(async () => {
    store = seedStore({ sessions: 60, commits: 240, repositories: 3, now: NOW });
    server = servePages(store);
    opened = await openBrowser();
    browser = opened.browser;
  });

  afterAll(async () => {
    await opened.close();
    await server[Symbol.asyncDispose]();
    store[Symbol.dispose]();
  });

  it("is on the overview and on the page of a project, a repository and a session", async () => {
    const { page, problems } = await openPage(browser);
    const paths = ["/", "/projects/1", "/repositories/1", `/sessions/${sessionIdOf(30)}`];
    for (const path of paths) {
      await openLoom(page, server.url + path);
      assert(await inkOf(page) > 500, path);
    }
    assertEquals(problems, []);
    await page.context().close();
  });

  it("moves by dragging and zooms with the wheel, around the pointer", async () => {
    const { page } = await openPage(browser, { viewport: { width: 1200, height: 900 } });
    await openLoom(page, server.url);
    await page.getByRole("button", { name: "Month" }).click();
    const month = await settled(() => viewOf(page), (view) => daysOf(view) === 30);
    assertEquals(daysOf(month), 30);
    const stage = (await page.locator(".loom-stage").boundingBox())!;
    const middle = { x: stage.x + stage.width / 2, y: stage.y + 120 };
    await page.mouse.move(middle.x, middle.y);
    await page.mouse.down();
    await page.mouse.move(middle.x + 200, middle.y, { steps: 5 });
    await page.mouse.up();
    const moved = await settled(() => viewOf(page), (view) => view.from < month.from);
    assert(moved.from < month.from - 3 * 86_400_000);
    await page.mouse.wheel(0, -600);
    const zoomed = await settled(() => viewOf(page), (view) => view.to < moved.to);
    assert(zoomed.to - zoomed.from < (moved.to - moved.from) / 2);
    assert(zoomed.from > moved.from && zoomed.to < moved.to);
    await page.context().close();
  });

  it("traces a commit with both ends' details, and opens it on a click", async () => {
    const { page } = await openPage(browser, { viewport: { width: 1200, height: 900 } });
    await openLoom(page, `${server.url}/repositories/1`);
    const data: LoomData = await (await page.request.get(`${server.url}/api/loom?repository=1`))
      .json();
    const view = await viewOf(page);
    const stage = (await page.locator(".loom-stage").boundingBox())!;
    const left = 120;
    const xOf = (commit: number) => {
      const share = (data.commits.times[commit] - view.from) / (view.to - view.from);
      return stage.x + left + share * (stage.width - left);
    };
    const alone = (commit: number) =>
      data.commits.times.every((_, i) => i === commit || Math.abs(xOf(i) - xOf(commit)) > 8);
    const x = xOf(data.links.commits.find(alone)!);
    const details = page.locator(".loom-details");
    // One repository has one row: it lies above the line of time.
    for (let y = stage.y + stage.height - 34; y > stage.y + 100; y -= 4) {
      await page.mouse.move(x, y);
      if (await details.locator(".loom-end-kind").count() > 0) break;
    }
    assertEquals(await details.locator(".loom-end-kind").allInnerTexts(), ["Commit", "Session"]);
    await details.getByText(/sure$/).first().waitFor();
    await details.getByText(/\(#\d+\)/).first().waitFor();
    await page.mouse.down();
    await page.mouse.up();
    await page.waitForURL(/\/commits\//);
    await page.context().close();
  });

  it("traces what a finger taps, and opens it on the next tap", async () => {
    const viewport = { width: 400, height: 800 };
    const { page } = await openPage(browser, { viewport, hasTouch: true });
    await openLoom(page, `${server.url}/repositories/1`);
    const stage = page.locator(".loom-stage");
    const box = (await stage.boundingBox())!;
    const ends = page.locator(".loom-end-kind");
    const row = box.height - 40;
    let x = 4;
    for (; x < box.width && await ends.count() === 0; x += 6) {
      await stage.tap({ position: { x, y: row } });
    }
    assert(await ends.count() > 0);
    await stage.tap({ position: { x: x - 6, y: row } });
    await page.waitForURL(/\/(commits|sessions)\//);
    await page.context().close();
  });

  it("does all of that with the keyboard alone", async () => {
    const { page } = await openPage(browser, { viewport: { width: 1200, height: 900 } });
    await openLoom(page, server.url);
    await page.locator(".loom-stage").focus();
    const whole = await viewOf(page);
    await page.keyboard.press("+");
    const zoomed = await settled(() => viewOf(page), (view) => view.from > whole.from);
    assert(zoomed.to - zoomed.from < whole.to - whole.from);
    await page.keyboard.press("Shift+ArrowLeft");
    const moved = await settled(() => viewOf(page), (view) => view.from < zoomed.from);
    assert(moved.from < zoomed.from);
    const details = page.locator(".loom-details");
    for (let i = 0; i < 40; i++) {
      await page.keyboard.press("ArrowLeft");
      if (await details.locator(".loom-end-kind").count() > 1) break;
    }
    await page.keyboard.press("ArrowUp");
    const session = await details.locator("a").first().getAttribute("href");
    assert(session!.startsWith("/sessions/"));
    await page.keyboard.press("Escape");
    await details.getByText("recorded").first().waitFor();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/(commits|sessions)\//);
    await page.context().close();
  });

  it("shows while it moves what it shows at rest", async () => {
    using large = seedStore({ sessions: 400, commits: 6_000, repositories: 8, now: NOW });
    await using busy = servePages(large);
    const { page } = await openPage(browser, { viewport: { width: 1200, height: 900 } });
    await openLoom(page, `${busy.url}/?range=all`);
    const box = (await page.locator(".loom-stage").boundingBox())!;
    const whole = await inkOf(page);
    await page.mouse.move(box.x + box.width / 2, box.y + 60);
    await page.mouse.wheel(0, -60);
    assert(await inkOf(page) > whole / 2);
    await page.waitForTimeout(300);
    const rested = await inkOf(page);
    await page.mouse.wheel(0, 2_000);
    await page.waitForTimeout(300);
    assert(Math.abs(await inkOf(page) - whole) < whole / 50);
    assert(rested > whole / 2);
    await page.context().close();
  });

  it("takes two thousand sessions and twenty thousand commits at once, and moves over them", async () => {
    using large = seedStore({
      sessions: 2_000,
      commits: 20_000,
      repositories: 8,
      now: NOW,
      days: 365,
    });
    await using busy = servePages(large);
    const { page, problems } = await openPage(browser, { viewport: { width: 1600, height: 1000 } });
    await openLoom(page, `${busy.url}/?range=all`);
    const whole = await viewOf(page);
    const stage = (await page.locator(".loom-stage").boundingBox())!;
    await page.mouse.move(stage.x + stage.width / 2, stage.y + 60);
    for (let i = 0; i < 6; i++) await page.mouse.wheel(0, -120);
    const zoomed = await settled(() => viewOf(page), (view) => daysOf(view) < daysOf(whole));
    assert(daysOf(zoomed) < daysOf(whole));
    assert(await inkOf(page) > 500);
    assertEquals(problems, []);
    await page.context().close();
  });
});
