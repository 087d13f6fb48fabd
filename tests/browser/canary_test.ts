import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import type { Page } from "playwright-core";
import { projectId } from "../../lib/store/read/refs.ts";
import type { GitReading } from "../../lib/git/read/reading.ts";
import { refreshSearch } from "../../lib/store/write/search_index.ts";
import { cannedGit } from "../support/canned_git.ts";
import { hashOf, repositoryIdOf, seedStore, sessionIdOf } from "../support/seed.ts";
import { useSite } from "../support/site.ts";

/** Runs, should a page take it for markup, an attribute, a script's end, an address or a template. */
const CANARY =
  `zebra"'><img src=x onerror="globalThis.canary=1"><script>globalThis.canary=1</script></script></title>` +
  `<svg onload=globalThis.canary=1>javascript:globalThis.canary=1 \${globalThis.canary=1} {{1}} \u2028`;

/** Every column that holds what others wrote, with what is put into it. */
const PLANTED = [
  "UPDATE sessions SET title = :c, first_message = :c, last_message = :c, branch = :c, models = json_array(:c), tools = json_object(:c, 1)",
  "UPDATE session_events SET data = json_set(data, '$.text', :c, '$.path', '/' || :c, '$.command', :c, '$.skill', :c, '$.toolUse', :c, '$.agent', :c), cwd = '/' || :c",
  "UPDATE commits SET subject = :c, author_name = :c, author_email = :c, trailers = json_array(json_array(:c, :c))",
  "UPDATE session_commits SET evidence = json_array(json_object('rule', 'commit_skill', 'skill', :c, 'seconds', 1), json_object('rule', 'commit_command', 'subject', :c, 'seconds', 1), json_object('rule', 'files', 'paths', json_array(:c)), json_object('rule', 'trailer', 'trailer', :c, 'value', :c))",
  "UPDATE line_ranges SET path = :c",
  "UPDATE sources SET path = '/' || :c || id, failure = :c",
  "UPDATE sync_runs SET error = :c, outcome = 'failed', failures = json_array(json_object('repo', :c, 'code', 'corrupt', 'message', :c))",
  "INSERT INTO repository_aliases (old_path, new_path) VALUES ('/' || :c, '/new' || :c)",
  "UPDATE repository_paths SET path = '/' || :c || path, root = :c, inside = :c",
  "UPDATE repositories SET name = :c || id, user_email = :c, failure_message = :c, last_outcome = 'failed', failure_code = 'corrupt', path = '/' || :c || id, default_branch = :c, remotes = json_array(:c)",
  "UPDATE projects SET path = '/' || :c || id",
];

/** A reading of git whose every name and line is the canary. */
function hostileGit(commit: string): GitReading {
  const git = cannedGit(commit);
  const plant = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(plant);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, it]) => [key, PLANTED_KEYS.has(key) ? CANARY : plant(it)]),
    );
  };
  return {
    async ask(question) {
      const answer = await git.ask(question);
      if (question.ask !== "path") return plant(answer) as typeof answer;
      const entries = ["folder", "file", "link", "submodule"].map((kind) => ({
        name: CANARY,
        path: CANARY,
        kind,
        size: 1,
      }));
      const value = (question as { path?: string }).path === ""
        ? { kind: "folder", entries, cut: true }
        : undefined;
      return (value === undefined ? answer : { kind: "ok", value }) as typeof answer;
    },
  };
}

const PLANTED_KEYS = new Set(["path", "oldPath", "originalPath", "subject", "authorName", "name"]);
PLANTED_KEYS.add("heading");

describe("what others stored", () => {
  const site = useSite(async () => {
    const store = seedStore({ sessions: 6, commits: 12, repositories: 2, prompts: 2 });
    for (const sql of PLANTED) store.run(sql.replaceAll(":c", "?1"), CANARY);
    await refreshSearch(store, {});
    return store;
  }, () => ({ git: hostileGit(hashOf(1)) }));
  const sessionId = sessionIdOf(1);

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
    const { page, problems } = await site.open();
    const query = encodeURIComponent(CANARY);
    const paths = [
      "/",
      "/projects",
      `/projects/${projectId(`/${CANARY}1`)}`,
      "/sessions",
      `/sessions?text=${encodeURIComponent("zebra")}`,
      `/sessions/${sessionId}`,
      "/commits",
      "/edits",
      `/commits/${hashOf(1)}`,
      `/commits/${hashOf(2)}`,
      "/repositories",
      `/repositories/${repositoryIdOf(1)}`,
      `/repositories/${repositoryIdOf(1)}/files`,
      `/repositories/${repositoryIdOf(1)}/blame?path=src/a.ts`,
      "/settings",
      "/search?q=zebra",
      `/search?q=${query.slice(0, 150)}`,
      "/help",
    ];
    let shown = 0;
    for (const path of paths) {
      const response = await page.goto(site.url + path);
      assertEquals(response?.status(), 200, path);
      assertEquals(await faultsOf(page), [], path);
      if ((await page.locator("body").innerText()).includes("<script>")) shown++;
    }
    assert(shown >= 12, `${shown} pages show it`);
    assertEquals(problems, []);
    for (const path of [`/${query}`, `/sessions?cursor=${query}`, `/commits/${query}`]) {
      await page.goto(site.url + path);
      assertEquals(await faultsOf(page), [], path);
    }
    await page.context().close();
  });

  it("is text where the loom is traced", async () => {
    const { page } = await site.open({ viewport: { width: 1200, height: 900 } });
    await page.goto(`${site.url}/?range=all`);
    await page.locator(".loom[data-loom=ready]").waitFor();
    await page.locator(".loom-stage").focus();
    const details = page.locator(".loom-details");
    const kinds = new Set<string>();
    for (let i = 0; i < 30 && kinds.size < 2; i++) {
      await page.keyboard.press(i % 4 === 3 ? "ArrowUp" : "ArrowLeft");
      await details.getByText("<script>").first().waitFor();
      assertEquals(await faultsOf(page), []);
      for (const kind of await details.locator(".loom-end-kind").allInnerTexts()) kinds.add(kind);
    }
    assertEquals([...kinds].sort(), ["Commit", "Session"]);
    await page.context().close();
  });

  it("is text in the search that opens over a page", async () => {
    const { page } = await site.open();
    await page.goto(`${site.url}/projects`);
    await page.getByText(/^(Last update|Not yet synced)/).waitFor();
    await page.keyboard.press("Control+K");
    await page.keyboard.type("zebra");
    await page.getByRole("option", { name: "<script>" }).first().waitFor();
    assertEquals(await faultsOf(page), []);
    await page.context().close();
  });

  it("is text in the status bar and its messages", async () => {
    const { page } = await site.open();
    await page.goto(site.url);
    await page.getByRole("button", { name: /sync now/i }).click();
    await page.getByText("Scanning repos...").first().waitFor();
    site.sync.fail(CANARY);
    await page.locator(".toast", { hasText: "zebra" }).waitFor();
    assertEquals(await faultsOf(page), []);
    await page.locator("[aria-controls=sync-panel]").click();
    await page.locator("#sync-runs").waitFor();
    await page.locator(".sync-list", { hasText: "<script>" }).first().waitFor();
    assertEquals(await faultsOf(page), []);
    await page.context().close();
  });

  it("is masked where it looks like a secret, and opens without JavaScript", async () => {
    const secret = "DB_PASSWORD=s3cr3t-pass!";
    site.store.run("UPDATE session_events SET data = json_set(data, '$.text', ?)", secret);
    const { page } = await site.open({ javaScriptEnabled: false });
    await page.goto(`${site.url}/sessions/${sessionId}`);
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
