import { gzipSync } from "node:zlib";
import { openBrowser } from "../tests/support/open_browser.ts";
import { servePages } from "../tests/support/page_server.ts";
import { seedStore } from "../tests/support/seed.ts";
import type { Bench, BenchOptions, Figure } from "./support/bench.ts";
import { median } from "./support/measure.ts";

const ROUNDS = 7;

/** What the overview's JavaScript weighs, and when the page takes clicks. */
export const bench: Bench = {
  name: "browser",
  async run({ seed }: BenchOptions): Promise<Figure[]> {
    using store = seedStore({ seed, sessions: 300, commits: 2_000, now: Date.now() });
    await using server = servePages(store);
    const { browser, close } = await openBrowser();
    await using _ = { [Symbol.asyncDispose]: close };
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
    ];
  },
};

/** Runs in the page: notes when the status bar's button has a listener, as Preact leaves it on the element. */
function watchButton(): void {
  const look = () => {
    const button = document.querySelector("[role=contentinfo] button") as { l?: object } | null;
    if (button?.l === undefined) return requestAnimationFrame(look);
    (globalThis as unknown as { takesClicksAt: number }).takesClicksAt = performance.now();
  };
  look();
}
