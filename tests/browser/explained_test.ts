import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import type { Locator, Page } from "playwright-core";
import { chosenBy, EACH_WIDTH, SCREENS, showOn } from "../support/screens.ts";
import { hashOf, seedStore, sessionIdOf } from "../support/seed.ts";
import { useSite } from "../support/site.ts";

/** Pages with numbers. */
const PATHS = [
  "/",
  "/sessions",
  "/commits",
  "/edits",
  "/repositories",
  "/projects",
  `/sessions/${sessionIdOf(10)}`,
  `/commits/${hashOf(30)}`,
];
const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

/** Focuses everything that is explained, one after the other; gives what was not shown whole, and on top of all else. */
async function faultsOf(page: Page): Promise<{ count: number; faults: string[] }> {
  return await page.evaluate(async () => {
    for (const fold of document.querySelectorAll("details")) fold.open = true;
    const faults: string[] = [];
    let count = 0;
    const faultOf = (it: HTMLElement): string | null => {
      const tip = it.parentElement!.querySelector<HTMLElement>(".tip")!;
      const { left, right, top, bottom, height } = tip.getBoundingClientRect();
      const inView = left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight;
      const whole = tip.scrollWidth <= tip.clientWidth + 1 && height > 0 && height < 220;
      const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
      const said = it.getAttribute("aria-description") ?? it.ariaLabel ?? "";
      return inView && whole && over === tip && said.includes(tip.textContent!)
        ? null
        : `${it.textContent}: ${[left, right, top, bottom]} ${over?.className}`;
    };
    for (const it of document.querySelectorAll<HTMLElement>("main .explained > :not(.tip)")) {
      if (!it.checkVisibility()) continue;
      count++;
      it.scrollIntoView({ block: "center" });
      it.focus();
      if (faultOf(it) === null) continue;
      // What was shown before the page was scrolled follows with the next frame.
      for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
      const fault = faultOf(it);
      if (fault !== null) faults.push(fault);
    }
    return { count, faults };
  });
}

describe("an explanation", () => {
  const site = useSite(() => seedStore({ sessions: 20, commits: 60, repositories: 3 }));

  const tipOf = (figure: Locator) => figure.locator("xpath=..").locator(".tip");

  it("is shown on focus, whole and in view, of every number at every width", async () => {
    const { page } = await site.open();
    for (const path of PATHS) {
      await page.goto(site.url + path);
      for (const screen of chosenBy(path, EACH_WIDTH)) {
        await showOn(page, screen);
        const { count, faults } = await faultsOf(page);
        assertEquals(faults, [], `${path} ${screen.width}`);
        assert(count > 0, path);
      }
    }
    await page.context().close();
  });

  it("is shown on a tap, and hidden by one elsewhere; without a script, too", async () => {
    const { page } = await site.open({ ...PHONE, javaScriptEnabled: false });
    await page.goto(`${site.url}/sessions`);
    for (const name of ["Prompts", "?"]) {
      const figure = page.locator("thead").getByText(name, { exact: true }).first();
      await figure.tap();
      await tipOf(figure).waitFor({ state: "visible" });
      await page.getByRole("heading", { level: 1 }).tap();
      await tipOf(figure).waitFor({ state: "hidden" });
    }
    await page.context().close();
  });

  site.flow(
    "is shown under the mouse, stays while it is read, and goes with Escape",
    async (page) => {
      const figure = page.locator(".figure .counted").first();
      const tip = tipOf(figure);
      await figure.hover();
      await tip.waitFor({ state: "visible" });
      await tip.hover();
      assert(await tip.isVisible());
      await page.mouse.move(0, 0);
      await tip.waitFor({ state: "hidden" });
      await figure.focus();
      await tip.waitFor({ state: "visible" });
      await page.keyboard.press("Escape");
      await tip.waitFor({ state: "hidden" });
      await figure.blur();
    },
    { from: "/", screens: SCREENS },
  );
});
