import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { withPage } from "../support/browser.ts";
import { servePages } from "../support/page_server.ts";
import { seedStore, sessionIdOf } from "../support/seed.ts";

describe("a session on paper", () => {
  it("shows what was folded, whole prompts, and nothing to press, whatever the theme", async () => {
    using store = seedStore({ sessions: 10, commits: 30, repositories: 2, prompts: 4 });
    const long = "Make it hold. ".repeat(200);
    store.run(
      "UPDATE session_events SET data = json_set(data, '$.text', ?) WHERE kind = 'prompt'",
      long,
    );
    await using server = servePages(store);
    const viewport = { width: 680, height: 1_000 };
    await withPage(async ({ page }) => {
      const cookie = { name: "ascribe-theme", value: "dark", url: server.url };
      await page.context().addCookies([cookie]);
      await page.goto(`${server.url}/sessions/${sessionIdOf(1)}`);
      await page.locator("html[data-theme=dark]").waitFor();
      const folded = page.locator(".spine-commit .reasons").first();
      assertEquals(await folded.isVisible(), false);
      await page.emulateMedia({ media: "print" });
      assertEquals(await folded.isVisible(), true);
      for (const gone of ["nav[aria-label=Pages]", ".status-bar", ".loom-frame"]) {
        assertEquals(await page.locator(gone).isVisible(), false, gone);
      }
      const prompt = await page.locator(".prompt").first().evaluate((it) => ({
        color: getComputedStyle(it).color,
        hidden: it.scrollHeight - it.clientHeight,
      }));
      assertEquals(prompt, { color: "rgb(27, 28, 31)", hidden: 0 });
      const pages = new TextDecoder("latin1").decode(await page.pdf({ format: "A4" }))
        .match(/\/Type \/Page\b/g);
      assert(pages !== null && pages.length > 1);
    }, { viewport, colorScheme: "dark" });
  });
});
