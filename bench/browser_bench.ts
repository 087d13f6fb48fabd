import { gzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { launchBrowser } from "../tests/support/browser.ts";
import { servePages } from "../tests/support/page_server.ts";
import { seedStore } from "../tests/support/seed.ts";
import type { Bench, BenchOptions, Figure } from "./support/bench.ts";
import { median } from "./support/measure.ts";

const ROUNDS = 7;
const WHEEL_TURNS = 40;

/** What the overview's JavaScript weighs, when the page takes clicks, and what a frame of a large loom takes. */
export const bench: Bench = {
  name: "browser",
  async run({ seed }: BenchOptions): Promise<Figure[]> {
    using store = seedStore({ seed, sessions: 300, commits: 2_000, now: Date.now() });
    await using server = servePages(store);
    await using browser = await launchBrowser();
    const scripts = new Map<string, number>();
    const delays: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const page = await browser.newPage();
      page.on("response", async (response) => {
        if (!response.url().endsWith(".js")) return;
        scripts.set(response.url(), gzipSync(await response.body()).length);
      });
      await page.addInitScript(watchButton);
      await page.goto(server.url, { waitUntil: "load" });
      const times = await page.waitForFunction(() => {
        const { takesClicksAt } = globalThis as unknown as { takesClicksAt?: number };
        const [navigation] = performance.getEntriesByType("navigation");
        const loadedAt = (navigation as PerformanceNavigationTiming).loadEventEnd;
        return takesClicksAt === undefined || loadedAt === 0 ? false : [takesClicksAt, loadedAt];
      });
      const [takesClicksAt, loadedAt] = await times.jsonValue() as [number, number];
      delays.push(Math.max(0, takesClicksAt - loadedAt));
      await page.waitForTimeout(100);
      await page.close();
    }
    const bytes = [...scripts.values()].reduce((sum, size) => sum + size, 0);
    return [
      {
        what: "JavaScript of the overview, gzipped",
        value: bytes / 1024,
        unit: "KB",
        bound: 45,
        beside: `${scripts.size} files`,
      },
      {
        what: "the overview takes clicks, after it is loaded",
        value: median(delays),
        unit: "ms",
        bound: 100,
      },
      ...await zoomFigures(browser, seed),
    ];
  },
};

/** What the frames take while somebody zooms into a year with 20,000 commits and out again. */
async function zoomFigures(browser: Browser, seed: number): Promise<Figure[]> {
  const size = { sessions: 2_000, commits: 20_000, repositories: 8, days: 365 };
  using store = seedStore({ seed, ...size, now: Date.now() });
  await using server = servePages(store);
  const page = await browser.newPage({ viewport: { width: 1_600, height: 1_000 } });
  await page.goto(`${server.url}/?range=all`);
  await page.locator(".loom[data-loom=ready]").waitFor();
  const stage = (await page.locator(".loom-stage").boundingBox())!;
  await page.mouse.move(stage.x + stage.width / 2, stage.y + 60);
  await page.waitForTimeout(1_000);
  await browser.startTracing(page, { categories: ["devtools.timeline"] });
  for (const turn of [-60, 60]) {
    for (let i = 0; i < WHEEL_TURNS; i++) {
      await page.mouse.wheel(0, turn);
      await page.waitForTimeout(16);
    }
    await page.waitForTimeout(400);
  }
  const { traceEvents } = JSON.parse(new TextDecoder().decode(await browser.stopTracing()));
  await page.close();
  const frames: number[] = traceEvents
    .filter(({ name, tdur }: { name: string; tdur?: number }) =>
      name === "FireAnimationFrame" && tdur !== undefined
    )
    .map(({ tdur }: { tdur: number }) => tdur / 1_000)
    .sort((a: number, b: number) => a - b);
  return [{
    what: "zooming over 20,000 commits: CPU of a frame, the slowest twentieth",
    value: frames[Math.floor(frames.length * 0.95)],
    unit: "ms",
    bound: 16,
    beside: `median ${median(frames).toFixed(1)}, slowest ${frames.at(-1)!.toFixed(1)}`,
  }];
}

/** Runs in the page: notes when the status bar's button has a listener, as Preact leaves it on the element. */
function watchButton(): void {
  const look = () => {
    const button = document.querySelector("[role=contentinfo] button") as { l?: object } | null;
    if (button?.l === undefined) return requestAnimationFrame(look);
    (globalThis as unknown as { takesClicksAt: number }).takesClicksAt = performance.now();
  };
  look();
}
