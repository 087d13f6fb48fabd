import axe from "axe-core/axe.min.js";
import type { Page } from "playwright-core";
import { FULL } from "./harness.ts";
import { type Screen, SCREENS, showOn, sidewaysOf } from "./screens.ts";

/** What only colours decide: the one thing that another theme changes. */
const ABOUT_COLOUR = ["color-contrast", "link-in-text-block"];

/** Pages into which axe comes with every document. */
const prepared = new WeakSet<Page>();

/**
 * Holds a page as it stands against what everyone needs, on every screen. axe judges each element that is shown once by
 * all its rules, and once in the other theme by those about colour: on another width only what is not shown on the one
 * before. In full, it judges everything on every screen.
 *
 * @returns A sentence for each fault: what axe objects to, and what reaches out of the page sideways.
 */
export async function faultsOf(page: Page, screens = SCREENS): Promise<string[]> {
  if (!prepared.has(page)) {
    prepared.add(page);
    await page.addInitScript(axe.source);
    await page.evaluate(axe.source);
  }
  const faults: string[] = [];
  const size = page.viewportSize()!;
  await page.evaluate(() => Object.assign(globalThis, { judged: { light: [], dark: [] } }));
  // What most is shown on comes first, and each theme at once: switching it costs less than another layout.
  for (
    const screen of screens.toSorted((a, b) => Number(b.width === 1280) - Number(a.width === 1280))
  ) {
    await showOn(page, screen);
    const found = [...await violationsOf(page, screen), ...await sidewaysOf(page)];
    faults.push(...found.map((fault) => `${screen.width} px, ${screen.theme}: ${fault}`));
  }
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: null });
  return faults;
}

async function violationsOf(page: Page, { theme }: Screen): Promise<string[]> {
  const rules = theme === "light" ? null : ABOUT_COLOUR;
  return await page.evaluate(async ({ theme, rules, isFull }) => {
    const { axe, judged } = globalThis as unknown as {
      axe: typeof import("axe-core");
      judged: Record<string, Element[]>;
    };
    const shown = [...document.querySelectorAll("body *")].filter((it) => it.checkVisibility());
    const before = new Set(isFull ? [] : judged[theme]);
    judged[theme].push(...shown);
    const left = shown.filter((it) => !before.has(it));
    if (left.length === 0) return [];
    // None of the rules reads style sheets or media: they need not be fetched again.
    const { violations } = await axe.run(before.size === 0 ? document : { include: left }, {
      resultTypes: ["violations"],
      preload: false,
      ...rules && { runOnly: rules },
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes.slice(0, 3).map(({ html, failureSummary }) =>
        `${id}: ${html.slice(0, 160)} ${failureSummary}`
      )
    );
  }, { theme, rules, isFull: FULL });
}
