import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import type { Page } from "playwright-core";
import { type Database, openDatabase } from "../../lib/store/database.ts";
import { refreshSearch } from "../../lib/store/write/search_index.ts";
import { faultsOf } from "../support/faults.ts";
import { servePages } from "../support/page_server.ts";
import { hashOf, projectIdOf, repositoryIdOf, seedStore, sessionIdOf } from "../support/seed.ts";
import { useSite } from "../support/site.ts";

const HOSTILE = `${"unbreakable".repeat(30)} <script>document.title="owned"</script><img src=x ` +
  `onerror=alert(1)> 👩‍👩‍👧‍👦🎉 مرحبا بالعالم \u202eabc ${"שלום ".repeat(20)}`;

/** Every page, with ones that have nothing to show and ones that fail. */
const PATHS = [
  "/",
  `/?range=week&repository=${repositoryIdOf(1)}`,
  "/projects",
  `/projects/${projectIdOf(1)}`,
  "/sessions",
  "/sessions?text=nothing+matches+this",
  `/sessions/${sessionIdOf(8)}`,
  `/sessions/${sessionIdOf(2)}`,
  "/commits",
  "/edits",
  "/commits?state=unlinked",
  `/commits/${hashOf(13)}`,
  "/repositories",
  `/repositories/${repositoryIdOf(2)}`,
  `/repositories/${repositoryIdOf(1)}/files`,
  `/repositories/${repositoryIdOf(1)}/blame?path=none.txt`,
  "/search",
  "/search?q=loom",
  "/search?q=nothing+matches+this",
  "/settings",
  "/help",
  "/nothing-here",
  "/sessions?limit=x",
];

/** A store with text that tries to leave its box everywhere that others write text. */
function hostileStore(): Database {
  const store = seedStore({ sessions: 8, commits: 16, repositories: 4, prompts: 5, days: 14 });
  store.run("UPDATE sessions SET title = ?, branch = ? WHERE id % 3 = 1", HOSTILE, HOSTILE);
  store.run("UPDATE sessions SET models = 'broken' WHERE id = 2");
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
    HOSTILE + "\nline".repeat(40),
  );
  return store;
}

describe("for everyone, at 360, 1280 and 2560 px, in both themes", () => {
  const site = useSite(async () => {
    const store = hostileStore();
    await refreshSearch(store, {});
    return store;
  }, () => ({ sample: true }));

  /** A page that is at rest, with its islands at work. */
  async function start(path: string): Promise<Page> {
    const { page } = await site.open({ reducedMotion: "reduce" });
    await page.goto(site.url + path);
    await page.getByText(/^(Last update|Not yet synced)/).waitFor();
    return page;
  }

  it("every page passes axe and keeps its text in its box", async () => {
    const { page } = await site.open({ reducedMotion: "reduce" });
    const faults: string[] = [];
    const answers = new Set<number>();
    for (const path of PATHS) {
      answers.add((await page.goto(site.url + path))!.status());
      faults.push(...(await faultsOf(page)).map((fault) => `${path} ${fault}`));
      assertEquals(await page.title() === "owned", false);
    }
    assertEquals(faults, []);
    assertEquals([...answers].sort(), [200, 400, 404, 500, 503]);
    await page.context().close();
  });

  it("so does the first visit, with nothing stored yet", async () => {
    using empty = openDatabase(":memory:");
    await using nothing = servePages(empty);
    const { page } = await site.open();
    for (const path of ["/", "/sessions", "/commits", "/repositories", "/projects"]) {
      await page.goto(nothing.url + path);
      assertEquals(await faultsOf(page), [], path);
    }
    await page.context().close();
  });

  it("so do the search, the keys and what a setting refuses", async () => {
    const page = await start("/help");
    await page.keyboard.press("Control+K");
    assertEquals(await faultsOf(page), []);
    await page.keyboard.type("loom");
    await page.getByRole("option").first().waitFor();
    assertEquals(await faultsOf(page), []);
    await page.getByRole("combobox").fill("zzzzzz");
    await page.getByText("Nothing was found").waitFor();
    assertEquals(await faultsOf(page), []);
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    await page.getByRole("heading", { name: "Keys" }).last().waitFor();
    assertEquals(await faultsOf(page), []);
    await page.goto(`${site.url}/settings`);
    await page.getByLabel("Every").fill("5");
    await page.getByLabel("Every").press("Enter");
    await page.getByRole("alert").waitFor();
    assertEquals(await faultsOf(page), []);
    await page.context().close();
  });

  it("so does a sync: under way, done, failed and asked for twice", async () => {
    const page = await start("/help");
    const { sync } = site;
    await page.getByRole("button", { name: "Details" }).click();
    await page.getByRole("heading", { name: "Sync history" }).waitFor();
    assertEquals(await faultsOf(page), []);
    await page.getByRole("button", { name: "Sync now" }).click();
    await page.getByText("Scanning repos...").first().waitFor();
    sync.repositories.note(sync.current!.runId, [
      { repo: "/home/ada/src/loom-1", state: "scanning", message: null },
      { repo: `/home/ada/${HOSTILE}`, state: "failed", message: `Run git fsck. ${HOSTILE}` },
    ]);
    sync.scan(1, 2);
    await page.getByText("scanning...").waitFor();
    await page.getByRole("button", { name: "Sync now" }).click();
    const dismiss = page.locator(".toast").getByRole("button").first();
    await dismiss.focus();
    assertEquals(await faultsOf(page), []);
    await dismiss.press("Enter");
    sync.fail(HOSTILE);
    await page.locator(".toast-error").getByRole("button").first().focus();
    assertEquals(await faultsOf(page), []);
    await page.context().close();
  });
});
