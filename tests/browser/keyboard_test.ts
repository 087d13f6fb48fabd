import { assert, assertEquals } from "@std/assert";
import { describe } from "@std/testing/bdd";
import type { Page } from "playwright-core";
import { hashOf, seedStore, sessionIdOf } from "../support/seed.ts";
import { useSite } from "../support/site.ts";

const PATHS = [
  "/",
  "/sessions",
  `/sessions/${sessionIdOf(10)}`,
  "/commits",
  "/edits",
  `/commits/${hashOf(30)}`,
  "/repositories",
  "/search?q=loom",
  "/settings",
];

/** Of each kind of page one, for what takes long. */
const SOME_PATHS = ["/", `/sessions/${sessionIdOf(10)}`, "/commits", "/settings"];

/** What is focused: its name, whether it can be told from its looks, and whether something lies over it. */
interface Focused {
  name: string;
  marked: boolean;
  covered: boolean;
}

async function focusedOf(page: Page): Promise<Focused | null> {
  return await page.evaluate(() => {
    const it = document.activeElement;
    if (it === null || it === document.body) return null;
    const name = `${it.tagName} ${it.textContent?.trim().slice(0, 30)}`;
    const shown = it.closest(".secret") ?? it;
    const { outlineStyle, outlineWidth } = getComputedStyle(shown);
    const box = it.getBoundingClientRect();
    const bar = document.querySelector(".status-bar")!;
    const covered = !bar.contains(it) && box.top >= bar.getBoundingClientRect().top;
    return { name, marked: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2, covered };
  });
}

describe("the keyboard", () => {
  const site = useSite(() => seedStore({ sessions: 20, commits: 60, repositories: 3, prompts: 5 }));

  site.flow("reaches the status bar without moving the page", async (page) => {
    for (const path of ["/sessions", "/commits"]) {
      await site.goTo(page, path);
      const details = page.getByRole("button", { name: "Details" });
      const place = await page.evaluate(() => {
        scrollTo({ top: 200, behavior: "instant" });
        return scrollY;
      });
      assert(place > 0, path);
      await details.focus();
      assertEquals(await page.evaluate(() => scrollY), place, path);
      await page.keyboard.press("Tab");
      const sync = page.getByRole("button", { name: "Sync now" });
      assert(await sync.evaluate((it) => it === document.activeElement));
      assertEquals(await page.evaluate(() => scrollY), place, path);
    }
  });

  site.flow(
    "shows where it is on every control, and never under the status bar",
    async (page, { width }) => {
      for (const path of width === 1280 ? PATHS : SOME_PATHS) {
        await site.goTo(page, path);
        const faults: Focused[] = [];
        for (let steps = 0; steps < 60; steps++) {
          await page.keyboard.press("Tab");
          const focused = await focusedOf(page);
          if (focused === null) break;
          if (!focused.marked || focused.covered) faults.push(focused);
        }
        assertEquals(faults, [], path);
      }
    },
  );
});
