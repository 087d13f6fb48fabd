import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { SHEETS, showOn } from "../support/screens.ts";
import { seedStore, sessionIdOf } from "../support/seed.ts";
import { useSite } from "../support/site.ts";

describe("a session on paper", () => {
  const site = useSite(() => {
    const store = seedStore({ sessions: 10, commits: 30, repositories: 2, prompts: 4 });
    const long = "Make it hold. ".repeat(200);
    store.run(
      "UPDATE session_events SET data = json_set(data, '$.text', ?) WHERE kind = 'prompt'",
      long,
    );
    return store;
  });

  it("shows what was folded, whole prompts, and nothing to press, whatever the theme", async () => {
    const { page } = await site.open();
    await page.goto(`${site.url}/sessions/${sessionIdOf(1)}`);
    const folded = page.locator(".timeline-commit .reasons").first();
    assertEquals(await folded.isVisible(), false);
    for (const sheet of SHEETS) {
      await showOn(page, sheet);
      await page.emulateMedia({ media: "print" });
      assertEquals(await folded.isVisible(), true);
      for (const gone of ["nav[aria-label=Pages]", ".status-bar", ".loom-frame"]) {
        assertEquals(await page.locator(gone).isVisible(), false, gone);
      }
      const prompt = await page.locator(".prompt").first().evaluate((it) => ({
        color: getComputedStyle(it).color,
        hidden: it.scrollHeight - it.clientHeight,
        beside: document.documentElement.scrollWidth - innerWidth,
      }));
      assertEquals(prompt, { color: "rgb(27, 28, 31)", hidden: 0, beside: 0 });
    }
    const pages = new TextDecoder("latin1").decode(await page.pdf({ format: "A4" }))
      .match(/\/Type \/Page\b/g);
    assert(pages !== null && pages.length > 1);
    await page.context().close();
  });

  it("is as light where the reader chose the dark theme", async () => {
    const { page } = await site.open();
    await page.context().addCookies([{ name: "ascribe-theme", value: "dark", url: site.url }]);
    await page.goto(`${site.url}/sessions/${sessionIdOf(1)}`);
    await page.locator("html[data-theme=dark]").waitFor();
    await page.emulateMedia({ media: "print" });
    const colourOf = (it: Element) => getComputedStyle(it).color;
    assertEquals(await page.locator(".prompt").first().evaluate(colourOf), "rgb(27, 28, 31)");
    await page.context().close();
  });
});
