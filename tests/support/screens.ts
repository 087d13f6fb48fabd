import { assertEquals } from "@std/assert";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { withPage } from "./browser.ts";
import { FULL } from "./harness.ts";

/** What a page is looked at on. */
export interface Screen {
  /** CSS pixels. */
  width: number;
  theme: "light" | "dark";
}

/** Every screen that pages are made for: three widths, each in both themes. */
export const SCREENS: Screen[] = inBothThemes([360, 1280, 2560]);

/** Every width and both themes, in three screens. */
export const EACH_WIDTH: Screen[] = [
  { width: 360, theme: "dark" },
  { width: 1280, theme: "light" },
  { width: 2560, theme: "dark" },
];

/** What is printed on: a slip, A4 and A3 between their margins, from a page in either theme. */
export const SHEETS: Screen[] = inBothThemes([360, 680, 1280]);

/** How a flow is shown. */
export interface FlowOptions extends BrowserContextOptions {
  /** The address that is open when the flow begins on the first screen; it goes on where it ended on the others. */
  from?: string;
  /** On which screens it is shown in full. @default {EACH_WIDTH} */
  screens?: Screen[];
  /** Whether the flow meets errors on the page's console, such as an answer of 404. @default {false} */
  meetsErrors?: boolean;
}

/** The one of some things that a name stands for, always the same; in full, all of them. */
export function chosenBy<Item>(name: string, items: readonly Item[]): readonly Item[] {
  if (FULL) return items;
  const sum = [...name].reduce((sum, letter) => sum * 31 + letter.codePointAt(0)! | 0, 7);
  return [items[Math.abs(sum) % items.length]];
}

function inBothThemes(widths: number[]): Screen[] {
  return widths.flatMap((width) => [{ width, theme: "light" }, { width, theme: "dark" }]);
}

/** Shows a page on a screen from now on. */
export async function showOn(page: Page, { width, theme }: Screen): Promise<void> {
  await page.setViewportSize({ width, height: 800 });
  await page.emulateMedia({ colorScheme: theme });
}

/**
 * Goes through a flow in one page, on the screen that its name chooses; in full, on every screen. Afterwards the page
 * reaches out of no screen sideways and has met no error.
 *
 * @throws {Error} If it fails; the message says on which screen.
 */
export async function goThrough(
  browser: Browser,
  flow: { name: string; run: (page: Page, screen: Screen) => Promise<void> },
  { from, screens = EACH_WIDTH, meetsErrors = false, ...options }: FlowOptions = {},
): Promise<void> {
  const chosen = chosenBy(flow.name, FULL ? screens : SCREENS);
  await withPage(browser, async ({ page, problems }) => {
    await showOn(page, chosen[0]);
    if (from !== undefined) await goTo(page, from);
    for (const screen of chosen) {
      try {
        await showOn(page, screen);
        await flow.run(page, screen);
        assertEquals(await sidewaysOf(page), []);
        if (!meetsErrors) assertEquals(problems, []);
      } catch (cause) {
        const message = cause instanceof Error ? cause.message : String(cause);
        throw new Error(`At ${screen.width} px, ${screen.theme}: ${message}`, { cause });
      }
    }
  }, options);
}

/** Opens an address, and waits until its islands are at work. */
export async function goTo(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.locator(".status-bar").getByText(/^(Last update|Not yet synced)/).waitFor();
  // The server has written that line too; a tab asks for this lock once its islands are at work.
  await page.waitForFunction(
    async () => {
      const { held = [], pending = [] } = await navigator.locks.query();
      return held.length + pending.length > 0;
    },
    undefined,
    { polling: 20 },
  );
}

/** What reaches out of the page sideways, in a sentence; none as a rule. */
export async function sidewaysOf(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const wide = [...document.querySelectorAll("body *")]
      .filter((it) => it.getBoundingClientRect().right > clientWidth + 1)
      .slice(0, 4).map((it) => it.outerHTML.slice(0, 80));
    return [`${scrollWidth - clientWidth} px sideways: ${wide.join(" ")}`];
  });
}
