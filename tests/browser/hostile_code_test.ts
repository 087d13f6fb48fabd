import { assert, assertEquals } from "@std/assert";
import { afterAll, describe, it } from "@std/testing/bdd";
import type { Page } from "playwright-core";
import { createGitReading } from "../../lib/git/read/reading.ts";
import { Sandbox } from "../git/sandbox.ts";
import { faultsOf } from "../support/faults.ts";
import { SCREENS, SHEETS, showOn } from "../support/screens.ts";
import { hashOf, repositoryIdOf, seedStore } from "../support/seed.ts";
import { useSite } from "../support/site.ts";

const CANARY =
  `<img src=x onerror="document.title='owned'"><script>document.title="owned"</script>`;
/** A name that is code, a query, a fragment and an escape at once, in two directions, and long. */
const NAME = `<b onclick=x>&amp;#L1?path=%2e%2e"'\u202e 👩‍👩‍👧 مرحبا ${"long".repeat(20)}.ts`;
const FOLDER = "a#b?c=%2F d";

describe("code that others wrote", () => {
  let sandbox: Sandbox;
  let commit: string;
  /** A commit whose diff is so long that it is folded. */
  let long: string;

  const site = useSite(async () => {
    sandbox = await Sandbox.create();
    await sandbox.init("repo");
    await Deno.mkdir(sandbox.path(`repo/${FOLDER}`));
    const lines = Array.from({ length: 46 }, (_, i) => `const line${i + 1} = "${CANARY}";`);
    lines[19] += `// ${"unbreakable".repeat(100)} \u202e ${"שלום ".repeat(40)}`;
    const many = Array.from({ length: 2_500 }, (_, i) => `const line${i} = ${i};`);
    const files = { [`${FOLDER}/${NAME}`]: lines.join("\n") };
    commit = await sandbox.commit("repo", CANARY, { files });
    long = await sandbox.commit("repo", "long", {
      files: { "long.ts": many.slice(0, 500).join("\n") },
    });
    await sandbox.commit("repo", "longer", { files: { "longer.ts": many.join("\n") } });
    const store = seedStore({ sessions: 4, commits: 8, repositories: 1, prompts: 2 });
    const path = sandbox.path("repo");
    store.run("UPDATE repositories SET path = ?, common_dir = ?", path, `${path}/.git`);
    store.run("DELETE FROM line_ranges");
    store.run(
      "UPDATE commits SET hash = ?, parents = '', subject = ? WHERE hash = ?",
      commit,
      CANARY,
      hashOf(1),
    );
    store.run("UPDATE commits SET hash = ?, parents = ? WHERE hash = ?", long, commit, hashOf(2));
    store.run(
      `INSERT INTO line_ranges (commit_id, path, first_line, last_line, session_id, event_id)
      SELECT 1, ?, 30, 45, session_id, id FROM session_events WHERE kind = 'edit' LIMIT 1`,
      `${FOLDER}/${NAME}`,
    );
    store.run(
      `UPDATE session_events SET data = json_set(data, '$.text', ?) WHERE kind = 'prompt'`,
      `Make line 40 ${CANARY} ${"unbreakable".repeat(40)}`,
    );
    return store;
  }, () => ({ git: createGitReading(sandbox.runner()) }));

  afterAll(() => sandbox[Symbol.asyncDispose]());

  async function openFile(page: Page): Promise<void> {
    await page.goto(`${site.url}/repositories/${repositoryIdOf(1)}/files`);
    await page.getByRole("link", { name: `${FOLDER}/`, exact: true }).click();
    await page.getByRole("link", { name: "onclick=x" }).click();
    await page.locator(".blame").waitFor();
    await page.waitForLoadState();
  }

  it("is text, in its box, at every width and in both themes", async () => {
    const { page, problems } = await site.open();
    const check = async (screens = SCREENS) => {
      assertEquals(await faultsOf(page, screens), []);
      assertEquals(await page.locator("main").locator("img, script, b").count(), 0);
      const title = await page.title();
      assert(!title.includes("owned") || title.includes("<"), "it ran");
    };
    await openFile(page);
    assertEquals(await page.locator("#L1").innerText(), `1\nconst line1 = "${CANARY}";`);
    await check();
    await page.goto(`${site.url}/commits/${commit}`);
    await check();
    await page.goto(`${site.url}/commits/${long}`);
    await check(SCREENS.slice(0, 2));
    assertEquals(problems, []);
    await page.context().close();
  });

  it("is whole on paper: unfolded, nothing clipped, in dark ink", async () => {
    const { page } = await site.open();
    await page.goto(`${site.url}/commits/${long}`);
    const last = page.locator(".code-line").last();
    assertEquals(await last.isVisible(), false);
    await page.emulateMedia({ media: "print" });
    assertEquals(await last.isVisible(), true);
    assertEquals(await last.locator("code").innerText(), "const line499 = 499;");
    await page.goto(`${site.url}/commits/${commit}`);
    for (const screen of SHEETS) {
      await showOn(page, screen);
      await page.emulateMedia({ media: "print" });
      for (const gone of ["nav[aria-label=Pages]", ".masthead-tools", ".status-bar"]) {
        assertEquals(await page.locator(gone).isVisible(), false, gone);
      }
      const looks = await page.evaluate(() => {
        const clipped = [...document.querySelectorAll("main *")].filter((it) =>
          it.getBoundingClientRect().right > innerWidth + 1 ||
          (it.scrollHeight > it.clientHeight + 2 && getComputedStyle(it).overflowY === "hidden" &&
            it.clientHeight > 1)
        );
        const { color } = getComputedStyle(document.querySelector("h1")!);
        return { color, clipped: clipped.map((it) => it.outerHTML.slice(0, 120)) };
      });
      assertEquals(looks, { color: "rgb(27, 28, 31)", clipped: [] }, JSON.stringify(screen));
    }
    await page.context().close();
  });

  site.flow("leads from a line's number to what was asked for, with keys alone", async (page) => {
    await openFile(page);
    await page.getByLabel("Line", { exact: true }).focus();
    await page.keyboard.type("40");
    await page.keyboard.press("Enter");
    await page.waitForURL(/#L40$/);
    const line = page.locator(".code-line:target");
    assertEquals(await line.getAttribute("id"), "L40");
    assert(await line.isVisible());
    const asked = page.locator(".chunk:has(:target) .chunk-asked a");
    await asked.focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/sessions\/.*#prompt-[0-9a-z]+$/);
    assert((await page.locator("li:target .prompt").innerText()).startsWith("Make line 40"));
  });

  site.flow(
    "comes a thousand lines at a time, and a line's address finds its part",
    async (page) => {
      await page.goto(`${site.url}/repositories/${repositoryIdOf(1)}/files`);
      await page.getByRole("link", { name: "longer.ts" }).click();
      await page.locator(".blame").waitFor();
      assertEquals(await page.locator(".code-line").count(), 1_000);
      await page.getByRole("link", { name: "Later lines" }).first().click();
      await page.locator("#L2000").waitFor();
      await page.getByLabel("Line", { exact: true }).fill("2400");
      await page.getByRole("button", { name: "Show" }).click();
      await page.locator("#L2400:target").waitFor();
      assertEquals(await page.locator("#L1").count(), 0);
    },
    { javaScriptEnabled: false },
  );

  it("is still told about by the store when the repository is gone", async () => {
    const { page } = await site.open();
    await Deno.rename(sandbox.path("repo"), sandbox.path("moved"));
    try {
      const response = await page.goto(`${site.url}/commits/${commit}`);
      assertEquals(response?.status(), 200);
      await page.getByText("no longer exists").waitFor();
      const files = await page.goto(`${site.url}/repositories/${repositoryIdOf(1)}/files`);
      assertEquals(files?.status(), 503);
      await page.getByText("no longer exists").waitFor();
    } finally {
      await Deno.rename(sandbox.path("moved"), sandbox.path("repo"));
    }
    await page.context().close();
  });
});
