import { assertEquals } from "@std/assert";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import type { Database } from "../../lib/store/database.ts";
import { type OpenBrowser, openBrowser } from "../support/open_browser.ts";
import { openPage } from "../support/browser.ts";
import { type PageServer, servePages } from "../support/page_server.ts";
import { hashOf, seedStore, sessionIdOf } from "../support/seed.ts";

const HOSTILE = `${"unbreakable".repeat(30)} <script>document.title="owned"</script><img src=x ` +
  `onerror=alert(1)> 👩‍👩‍👧‍👦🎉 مرحبا بالعالم \u202eabc ${"שלום ".repeat(20)}`;
const WIDTHS = [360, 1280, 2560];
const THEMES = ["light", "dark"] as const;

/** Every page, with one that has nothing to show and one that fails. */
const PATHS = [
  "/",
  "/?range=week&repository=1",
  "/projects",
  "/projects/1",
  "/sessions",
  "/sessions?text=nothing+matches+this",
  `/sessions/${sessionIdOf(40)}`,
  "/commits",
  "/commits?state=unlinked",
  `/commits/${hashOf(100)}`,
  "/repositories",
  "/repositories/2",
  "/search",
  "/search?q=loom",
  "/settings",
  "/help",
];

/** A store with text that tries to leave its box everywhere that others write text. */
function hostileStore(): Database {
  const store = seedStore({ sessions: 40, commits: 120, repositories: 4, prompts: 5 });
  store.run("UPDATE sessions SET title = ?, branch = ? WHERE id % 3 = 1", HOSTILE, HOSTILE);
  store.run("UPDATE commits SET subject = ?, author_name = ? WHERE id % 3 = 1", HOSTILE, HOSTILE);
  const folder = `/home/ada/${"deep/".repeat(60)}<b>x</b>`;
  store.run("UPDATE projects SET path = ? WHERE id = 3", folder);
  store.run(
    `UPDATE repositories SET name = ?, path = ?, failure_code = 'corrupt', last_outcome = 'failed',
      failure_message = ? WHERE id = 2`,
    HOSTILE,
    folder,
    `git cannot read ${folder}: run git fsck there.`,
  );
  store.run(
    `UPDATE session_events SET data = json_set(data, '$.text', ?) WHERE kind = 'prompt' AND id % 4 = 1`,
    HOSTILE,
  );
  return store;
}

/** What lies beside the page: its widest element, where the page can be moved sideways. */
async function sidewaysOf(page: Page): Promise<string | null> {
  return await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return null;
    const wide = [...document.querySelectorAll("body *")].filter((element) =>
      element.getBoundingClientRect().right > clientWidth + 1 && element.closest("nav") === null
    );
    return `${scrollWidth - clientWidth} px: ${
      wide.slice(0, 4).map((it) => it.outerHTML.slice(0, 80))
    }`;
  });
}

describe("every page", () => {
  let opened: OpenBrowser;
  let browser: Browser;
  let store: Database;
  let server: PageServer;

  beforeAll(async () => {
    store = hostileStore();
    server = servePages(store, { sample: true });
    opened = await openBrowser();
    browser = opened.browser;
  });

  afterAll(async () => {
    await opened.close();
    await server[Symbol.asyncDispose]();
    store[Symbol.dispose]();
  });

  for (const theme of THEMES) {
    it(`has no console error and no axe violation in ${theme}`, async () => {
      const { page, problems } = await openPage(browser, { colorScheme: theme });
      const violations: string[] = [];
      for (const path of PATHS) {
        await page.goto(server.url + path);
        await page.evaluate(axe.source);
        const found = await page.evaluate(async () => {
          const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
          const { violations } = await axe.run();
          return violations.flatMap(({ id, nodes }) =>
            nodes.slice(0, 3).map((node) =>
              `${id}: ${node.html.slice(0, 160)} ${node.failureSummary}`
            )
          );
        });
        violations.push(...found.map((violation) => `${path} ${violation}`));
        assertEquals(await page.title() === "owned", false);
      }
      assertEquals(violations, []);
      assertEquals(problems, []);
      await page.context().close();
    });
  }

  for (const width of WIDTHS) {
    it(`keeps all text in its box at ${width} px`, async () => {
      const { page } = await openPage(browser, { viewport: { width, height: 800 } });
      const wide: string[] = [];
      for (const path of PATHS) {
        await page.goto(server.url + path);
        const sideways = await sidewaysOf(page);
        if (sideways !== null) wide.push(`${path} ${sideways}`);
      }
      assertEquals(wide, []);
      await page.context().close();
    });
  }

  it("can be read without JavaScript", async () => {
    const { page } = await openPage(browser, { javaScriptEnabled: false });
    for (const path of PATHS) {
      await page.goto(server.url + path);
      assertEquals(await page.locator("main h1").count(), 1);
      assertEquals(await page.getByText(/^(Last update|Not yet synced)/).count(), 1);
      assertEquals(await page.getByRole("complementary", { name: "Sample data" }).count(), 1);
    }
    await page.context().close();
  });

  it("says what went wrong where a page should be", async () => {
    const { page } = await openPage(browser);
    const said: [path: string, status: number, title: string][] = [
      ["/nothing-here", 404, "There is no such page"],
      ["/sessions/none", 404, "There is no such page"],
      ["/sessions?limit=x", 400, "This address says something that cannot be"],
    ];
    for (const [path, status, title] of said) {
      const response = await page.goto(server.url + path);
      assertEquals(response?.status(), status);
      await page.getByRole("heading", { level: 1, name: title }).waitFor();
    }
    await page.context().close();
  });

  it("ships an overview with at most 45 KB of JavaScript, gzipped", async () => {
    const { page } = await openPage(browser);
    const scripts: Promise<Uint8Array>[] = [];
    page.on("response", (response) => {
      if (response.request().resourceType() === "script") scripts.push(response.body());
    });
    await page.goto(server.url, { waitUntil: "networkidle" });
    let bytes = 0;
    for (const body of await Promise.all(scripts)) {
      const packed = new Blob([body as Uint8Array<ArrayBuffer>]).stream()
        .pipeThrough(new CompressionStream("gzip"));
      bytes += (await new Response(packed).bytes()).length;
    }
    assertEquals(bytes > 10_000 && bytes <= 45 * 1024, true, `${bytes} bytes`);
    await page.context().close();
  });

  it("keeps a chosen theme, whatever the system's is", async () => {
    const { page } = await openPage(browser, { colorScheme: "light" });
    await page.goto(`${server.url}/settings`);
    const paper = () =>
      page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const light = await paper();
    await page.getByLabel("Dark").check();
    await page.locator("form.choices").getByRole("button", { name: "Save" }).click();
    await page.locator("html[data-theme=dark]").waitFor();
    assertEquals(await paper() === light, false);
    await page.context().close();
  });

  it("changes the interval without JavaScript, and refuses what it cannot be", async () => {
    const { page } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(`${server.url}/settings`);
    await page.getByLabel("Every").fill("300");
    await page.getByLabel("Every").press("Enter");
    await page.getByText("Now every 5 min.").waitFor();
    assertEquals(server.sync.intervalSecs, 300);
    await page.getByLabel("Every").fill("5");
    await page.getByLabel("Every").press("Enter");
    await page.getByRole("alert").getByText("The interval must be 0 (off)").waitFor();
    assertEquals(server.sync.intervalSecs, 300);
    await page.context().close();
  });

  it("leaves a repository out, and says where a folder is now, without JavaScript", async () => {
    const { page } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(`${server.url}/settings`);
    await page.getByRole("button", { name: "Leave out loom-1" }).click();
    assertEquals(server.sync.stored.pop(), { id: 1, excluded: true });
    await page.getByLabel("What was").fill("/home/ada/old");
    await page.getByLabel("is now").fill("/nowhere/at/all");
    await page.getByLabel("is now").press("Enter");
    await page.getByRole("alert").getByText("There is no folder /nowhere/at/all.").waitFor();
    await page.getByLabel("What was").fill("/home/ada/old");
    await page.getByLabel("is now").fill("/tmp");
    await page.getByLabel("is now").press("Enter");
    await page.getByRole("heading", { name: "Moved folders" }).waitFor();
    assertEquals(server.sync.stored.pop(), { oldPath: "/home/ada/old", newPath: "/tmp" });
    await page.context().close();
  });

  it("starts a sync without JavaScript", async () => {
    const { page } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(`${server.url}/commits?state=unlinked`);
    const before = server.sync.asked;
    await page.getByRole("button", { name: "Sync now" }).click();
    assertEquals(server.sync.asked, before + 1);
    assertEquals(new URL(page.url()).pathname, "/commits");
    server.sync.finish();
    await page.context().close();
  });
});
