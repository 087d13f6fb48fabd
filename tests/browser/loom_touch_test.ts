import { assert } from "@std/assert";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import type { Browser, Page } from "playwright-core";
import type { Database } from "../../lib/store/database.ts";
import { openPage } from "../support/browser.ts";
import { type OpenBrowser, openBrowser } from "../support/open_browser.ts";
import { type PageServer, servePages } from "../support/page_server.ts";
import { seedStore } from "../support/seed.ts";

/** A finger's place at the beginning and at the end of a gesture, in CSS pixels across the stage. */
type Finger = [from: number, to: number];

const STEPS = 8;

/** Puts fingers on the loom, moves them and lifts them, as a touch screen reports it. */
async function gesture(page: Page, fingers: Finger[]): Promise<void> {
  await page.locator(".loom-stage").evaluate((stage) => stage.scrollIntoView({ block: "center" }));
  const stage = (await page.locator(".loom-stage").boundingBox())!;
  const client = await page.context().newCDPSession(page);
  const y = stage.y + 60;
  const send = async (type: "touchStart" | "touchMove" | "touchEnd", share = 1) => {
    const touchPoints = type === "touchEnd" ? [] : fingers.map(([from, to], id) => ({
      id,
      x: stage.x + from + (to - from) * share,
      y: y + id * 20,
    }));
    await client.send("Input.dispatchTouchEvent", { type, touchPoints });
  };
  await send("touchStart", 0);
  for (let step = 1; step <= STEPS; step++) await send("touchMove", step / STEPS);
  await send("touchEnd");
  await client.detach();
}

/** The stretch of time in view, as the link to the table names it, in days. */
async function viewOf(page: Page): Promise<{ from: number; days: number }> {
  const href = await page.getByRole("link", { name: "As a table" }).first().getAttribute("href");
  const params = new URL(href!, "http://host").searchParams;
  const [from, to] = ["from", "to"].map((name) => Date.parse(params.get(name)!) / 86_400_000);
  return { from, days: to - from };
}

/** Waits until the view differs and says how. */
async function afterwards(page: Page, before: { from: number; days: number }) {
  for (let tries = 0; tries < 100; tries++) {
    const now = await viewOf(page);
    if (now.from !== before.from || now.days !== before.days) return now;
    await page.waitForTimeout(50);
  }
  return before;
}

describe("the loom on a touch screen", () => {
  let opened: OpenBrowser;
  let browser: Browser;
  let store: Database;
  let server: PageServer;

  beforeAll(async () => {
    store = seedStore({ sessions: 60, commits: 240, repositories: 3, now: Date.now() });
    server = servePages(store);
    opened = await openBrowser();
    browser = opened.browser;
  });

  afterAll(async () => {
    await opened.close();
    await server[Symbol.asyncDispose]();
    store[Symbol.dispose]();
  });

  it("zooms in where two fingers part, out where they meet, and moves with one", async () => {
    const viewport = { width: 400, height: 800 };
    const { page, problems } = await openPage(browser, { viewport, hasTouch: true });
    await page.goto(server.url);
    await page.locator(".loom[data-loom=ready]").waitFor();
    const whole = await viewOf(page);

    await gesture(page, [[190, 130], [210, 330]]);
    const near = await afterwards(page, whole);
    assert(near.days < whole.days / 3, `${whole.days} to ${near.days} days`);

    await gesture(page, [[160, 280]]);
    const moved = await afterwards(page, near);
    assert(moved.from < near.from, "a finger that goes right brings earlier times");
    assert(Math.abs(moved.days - near.days) < 0.01);

    await gesture(page, [[130, 210], [330, 250]]);
    const far = await afterwards(page, moved);
    assert(far.days > moved.days * 2, `${moved.days} to ${far.days} days`);
    assert(problems.length === 0, problems.join("\n"));
    await page.context().close();
  });
});
