import axe from "axe-core";
import type { Page } from "playwright-core";
import { type Screen, SCREENS, showOn, sidewaysOf } from "./screens.ts";

/** Wider screens differ by what they show or not at all, in CSS pixels. */
const LAPTOP = 1280;
/** What only colours decide: the one thing that another theme changes. */
const ABOUT_COLOUR = ["color-contrast", "link-in-text-block"];

/**
 * Holds a page as it stands against what everyone needs, on every screen. axe judges a width by all its rules, its
 * second theme by those about colour, and passes over a wide screen that shows the very elements of the one before:
 * there is only more room between them.
 *
 * @returns A sentence for each fault: what axe objects to, and what reaches out of the page sideways.
 */
export async function faultsOf(page: Page, screens = SCREENS): Promise<string[]> {
  if (await page.evaluate(() => !("axe" in globalThis))) await page.evaluate(axe.source);
  const faults: string[] = [];
  const size = page.viewportSize()!;
  const judged = new Map<Screen["theme"], string>();
  for (const screen of screens) {
    await showOn(page, screen);
    const shown = await page.evaluate(shownElements);
    const isNew = screen.width <= LAPTOP || judged.get(screen.theme) !== shown;
    judged.set(screen.theme, shown);
    const found = [
      ...isNew ? await violationsOf(page, screen) : [],
      ...await sidewaysOf(page),
    ];
    faults.push(...found.map((fault) => `${screen.width} px, ${screen.theme}: ${fault}`));
  }
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: null });
  return faults;
}

/** Which of the page's elements are shown, in order, by a sign each. Runs in the page. */
function shownElements(): string {
  return [...document.querySelectorAll("body *")]
    .map((it) => Number(it.checkVisibility())).join("");
}

async function violationsOf(page: Page, { theme }: Screen): Promise<string[]> {
  return await page.evaluate(async (rules) => {
    const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
    // None of the rules reads style sheets or media: they need not be fetched again.
    const { violations } = await axe.run({
      resultTypes: ["violations"],
      preload: false,
      ...rules && { runOnly: rules },
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes.slice(0, 3).map(({ html, failureSummary }) =>
        `${id}: ${html.slice(0, 160)} ${failureSummary}`
      )
    );
  }, theme === "light" ? null : ABOUT_COLOUR);
}
