import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { chosenBy, SCREENS, showOn, sidewaysOf } from "../support/screens.ts";
import { hashOf, projectIdOf, repositoryIdOf, seedStore, sessionIdOf } from "../support/seed.ts";
import { useSite } from "../support/site.ts";
import { until } from "../support/wait.ts";

/** Every page, with one that has nothing to show. */
const PATHS = [
  "/",
  `/?range=week&repository=${repositoryIdOf(1)}`,
  "/projects",
  `/projects/${projectIdOf(1)}`,
  "/sessions",
  "/sessions?text=nothing+matches+this",
  `/sessions/${sessionIdOf(12)}`,
  "/commits",
  "/edits",
  "/commits?state=unlinked",
  `/commits/${hashOf(30)}`,
  "/repositories",
  `/repositories/${repositoryIdOf(2)}`,
  "/search",
  "/search?q=loom",
  "/settings",
  "/help",
];

describe("every page", () => {
  const site = useSite(
    () => seedStore({ sessions: 12, commits: 36, repositories: 4, prompts: 5 }),
    () => ({ sample: true }),
  );

  it("can be read without JavaScript", async () => {
    const { page } = await site.open({ javaScriptEnabled: false });
    for (const path of PATHS) {
      await page.goto(site.url + path);
      assertEquals(await page.locator("main h1").count(), 1);
      assertEquals(await page.getByText(/^(Last update|Not yet synced)/).count(), 1);
      assertEquals(await page.getByRole("complementary", { name: "Sample data" }).count(), 1);
      for (const screen of chosenBy(path, SCREENS)) {
        await showOn(page, screen);
        assertEquals(await sidewaysOf(page), [], `${path} ${JSON.stringify(screen)}`);
      }
    }
    await page.context().close();
  });

  site.flow("leads the loom's reader to a table where there is no JavaScript", async (page) => {
    await page.goto(`${site.url}/?range=all`);
    await page.getByRole("link", { name: "as a table" }).click();
    await page.getByRole("heading", { level: 1, name: "Commits" }).waitFor();
  }, { javaScriptEnabled: false });

  it("says what went wrong where a page should be", async () => {
    const { page } = await site.open();
    const said: [path: string, status: number, title: string][] = [
      ["/nothing-here", 404, "There is no such page"],
      ["/sessions/none", 404, "There is no such page"],
      ["/sessions?limit=x", 400, "Invalid filter"],
    ];
    for (const [path, status, title] of said) {
      const response = await page.goto(site.url + path);
      assertEquals(response?.status(), status);
      await page.getByRole("heading", { level: 1, name: title }).waitFor();
    }
    await page.context().close();
  });

  it("ships an overview with at most 45 KB of JavaScript, gzipped", async () => {
    const { page } = await site.open();
    const scripts: Promise<Uint8Array>[] = [];
    page.on("response", (response) => {
      if (response.request().resourceType() === "script") scripts.push(response.body());
    });
    await page.goto(site.url, { waitUntil: "networkidle" });
    let bytes = 0;
    for (const body of await Promise.all(scripts)) {
      const packed = new Blob([body as Uint8Array<ArrayBuffer>]).stream()
        .pipeThrough(new CompressionStream("gzip"));
      bytes += (await new Response(packed).bytes()).length;
    }
    assertEquals(bytes > 10_000 && bytes <= 45 * 1024, true, `${bytes} bytes`);
    await page.context().close();
  });

  site.flow("starts a sync without JavaScript", async (page) => {
    await page.goto(`${site.url}/commits?state=unlinked`);
    const before = site.sync.asked;
    await page.getByRole("button", { name: "Sync now" }).click();
    await until(() => site.sync.asked === before + 1);
    await page.waitForURL(/\/commits\?state=unlinked$/);
    site.sync.finish();
  }, { javaScriptEnabled: false });
});
