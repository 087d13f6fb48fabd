import { assertEquals } from "@std/assert";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import type { Browser } from "playwright-core";
import type { Database } from "../../lib/store/database.ts";
import { type OpenBrowser, openBrowser } from "../support/open_browser.ts";
import { openPage } from "../support/browser.ts";
import { type PageServer, servePages } from "../support/page_server.ts";
import { hashOf, seedStore, sessionIdOf } from "../support/seed.ts";

/** Every page, with one that has nothing to show. */
const PATHS = [
  "/",
  "/?range=week&repository=1",
  "/projects",
  "/projects/1",
  "/sessions",
  "/sessions?text=nothing+matches+this",
  `/sessions/${sessionIdOf(40)}`,
  "/commits",
  "/edits",
  "/commits?state=unlinked",
  `/commits/${hashOf(100)}`,
  "/repositories",
  "/repositories/2",
  "/search",
  "/search?q=loom",
  "/settings",
  "/help",
];

describe("every page", () => {
  let opened: OpenBrowser;
  let browser: Browser;
  let store: Database;
  let server: PageServer;

  beforeAll(async () => {
    store = seedStore({ sessions: 40, commits: 120, repositories: 4, prompts: 5 });
    server = servePages(store, { sample: true });
    opened = await openBrowser();
    browser = opened.browser;
  });

  afterAll(async () => {
    await opened.close();
    await server[Symbol.asyncDispose]();
    store[Symbol.dispose]();
  });

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
