import { assert, assertEquals } from "@std/assert";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import type { Browser, Page } from "playwright-core";
import type { Database } from "../../lib/store/database.ts";
import { openPage } from "../support/browser.ts";
import { type OpenBrowser, openBrowser } from "../support/open_browser.ts";
import { type PageServer, servePages } from "../support/page_server.ts";
import { hashOf, seedStore } from "../support/seed.ts";

/** Runs, should a page take it for markup, an attribute, a script's end, an address or a template. */
const CANARY =
  `zebra"'><img src=x onerror="globalThis.canary=1"><script>globalThis.canary=1</script></script></title>` +
  `<svg onload=globalThis.canary=1>javascript:globalThis.canary=1 \${globalThis.canary=1} {{1}} \u2028`;

/** Every column that holds what others wrote, with what is put into it. */
const PLANTED = [
  "UPDATE sessions SET title = :c, first_message = :c, last_message = :c, branch = :c, models = json_array(:c), tools = json_object(:c, 1)",
  "UPDATE session_events SET data = json_set(data, '$.text', :c, '$.path', '/' || :c, '$.command', :c)",
  "UPDATE commits SET subject = :c, author_name = :c, author_email = :c",
  "UPDATE repositories SET name = :c || id, user_email = :c, failure_message = :c, last_outcome = 'failed', failure_code = 'corrupt'",
  "UPDATE projects SET path = '/' || :c || id",
];

describe("what others stored", () => {
  let opened: OpenBrowser;
  let browser: Browser;
  let store: Database;
  let server: PageServer;
  let sessionId: string;

  beforeAll(async () => {
    store = seedStore({ sessions: 6, commits: 12, repositories: 2, prompts: 2 });
    for (const sql of PLANTED) store.run(sql.replaceAll(":c", "?1"), CANARY);
    sessionId = store.all<{ session_id: string }>("SELECT session_id FROM sessions LIMIT 1")[0]
      .session_id;
    server = servePages(store);
    opened = await openBrowser();
    browser = opened.browser;
  });

  afterAll(async () => {
    await opened.close();
    await server[Symbol.asyncDispose]();
    store[Symbol.dispose]();
  });

  async function faultsOf(page: Page): Promise<string[]> {
    return await page.evaluate(() => [
      ...("canary" in globalThis ? ["it ran"] : []),
      ...[...document.querySelectorAll("img, svg[onload], main script, [onerror]")]
        .map((it) => it.outerHTML.slice(0, 200)),
      ...[...document.querySelectorAll("a[href]")].map((it) => it.getAttribute("href")!)
        .filter((href) => /^\s*javascript:/i.test(href)),
    ]);
  }

  it("is text on every page", async () => {
    const { page, problems } = await openPage(browser);
    const query = encodeURIComponent(CANARY);
    const paths = [
      "/",
      "/projects",
      "/projects/1",
      "/sessions",
      `/sessions?text=${encodeURIComponent("zebra")}`,
      `/sessions/${sessionId}`,
      "/commits",
      `/commits/${hashOf(1)}`,
      "/repositories",
      "/settings",
      "/search?q=zebra",
      `/search?q=${query.slice(0, 150)}`,
      "/help",
    ];
    let shown = 0;
    for (const path of paths) {
      const response = await page.goto(server.url + path);
      assertEquals(response?.status(), 200, path);
      assertEquals(await faultsOf(page), [], path);
      if ((await page.locator("body").innerText()).includes("<script>")) shown++;
    }
    assert(shown >= 7, `${shown} pages show it`);
    assertEquals(problems, []);
    for (const path of [`/${query}`, `/sessions?cursor=${query}`, `/commits/${query}`]) {
      await page.goto(server.url + path);
      assertEquals(await faultsOf(page), [], path);
    }
    await page.context().close();
  });

  it("is text in the status bar and its messages", async () => {
    const { page } = await openPage(browser);
    await page.goto(server.url);
    await page.getByRole("button", { name: /sync now/i }).click();
    await page.getByText("Scanning repos...").first().waitFor();
    server.sync.fail(CANARY);
    await page.locator(".toast", { hasText: "zebra" }).waitFor();
    assertEquals(await faultsOf(page), []);
    await page.context().close();
  });

  it("is masked where it looks like a secret, and opens without JavaScript", async () => {
    const secret = "DB_PASSWORD=s3cr3t-pass!";
    store.run("UPDATE session_events SET data = json_set(data, '$.text', ?)", secret);
    const { page } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(`${server.url}/sessions/${sessionId}`);
    const prompt = page.locator(".prompt").first();
    const shown = async () => (await prompt.innerText()).replaceAll(/\s/g, "");
    assertEquals(
      await prompt.locator(".secret").evaluate((it) => getComputedStyle(it).display),
      "inline",
    );
    assertEquals(await shown(), "DB_PASSWORD=••••••");
    await prompt.locator(".secret-mask").click();
    assertEquals(await shown(), secret);
    await page.context().close();
  });
});
