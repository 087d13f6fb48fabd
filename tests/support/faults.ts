import axe from "axe-core";
import type { Page } from "playwright-core";

/** The widths that every page is made for, in CSS pixels. */
export const WIDTHS = [360, 1280, 2560];
const THEMES = ["light", "dark"] as const;
/** What only colours decide: the one thing that another theme changes. */
const ABOUT_COLOUR = ["color-contrast", "link-in-text-block"];

/**
 * Holds a page as it stands against what everyone needs, at every width and in both themes.
 *
 * @returns A sentence for each fault: what axe objects to, and what reaches out of the page sideways.
 */
export async function faultsOf(page: Page, widths = WIDTHS): Promise<string[]> {
  if (await page.evaluate(() => !("axe" in globalThis))) await page.evaluate(axe.source);
  const faults: string[] = [];
  const size = page.viewportSize()!;
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 });
    for (const theme of THEMES) {
      await page.emulateMedia({ colorScheme: theme });
      const runOnly = theme === "light" ? null : ABOUT_COLOUR;
      const found = await page.evaluate(lookAround, runOnly);
      faults.push(...found.map((fault) => `${width} px, ${theme}: ${fault}`));
    }
  }
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: null });
  return faults;
}

/** Runs in the page. */
async function lookAround(runOnly: string[] | null): Promise<string[]> {
  const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
  const { violations } = await axe.run(runOnly === null ? {} : { runOnly });
  const faults = violations.flatMap(({ id, nodes }) =>
    nodes.slice(0, 3).map(({ html, failureSummary }) =>
      `${id}: ${html.slice(0, 160)} ${failureSummary}`
    )
  );
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) {
    const wide = [...document.querySelectorAll("body *")]
      .filter((it) => it.getBoundingClientRect().right > clientWidth + 1)
      .slice(0, 4).map((it) => it.outerHTML.slice(0, 80));
    faults.push(`${scrollWidth - clientWidth} px sideways: ${wide.join(" ")}`);
  }
  return faults;
}
