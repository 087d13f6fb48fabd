import { assert, assertEquals } from "@std/assert";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { createGitRunner } from "../../lib/git/runner.ts";
import { buildSample } from "../../lib/sample/sample.ts";
import { openPage } from "../support/browser.ts";
import { faultsOf } from "../support/faults.ts";
import { type OpenBrowser, openBrowser } from "../support/open_browser.ts";
import { type RunningServer, startServer } from "../support/server.ts";

interface Written {
  commit: { hash: string; repository: { id: number; name: string } };
  path: string;
  prompt: string;
}

describe("who wrote a line, and for what", () => {
  let opened: OpenBrowser;
  let browser: Browser;
  let server: RunningServer;
  let folder: string;
  let written: Written;

  beforeAll(async () => {
    folder = await Deno.makeTempDir({ prefix: "ascribe-browser-blame-" });
    const git = createGitRunner({ environment: { PATH: Deno.env.get("PATH") } });
    const { claudeDir } = await buildSample(folder, { date: "2026-03-31", git });
    server = await startServer({ claudeDir, dataDir: join(folder, "data") });
    opened = await openBrowser();
    browser = opened.browser;
    written = await findWritten(server.url);
  });

  afterAll(async () => {
    await opened.close();
    await server.stop();
    await Deno.remove(folder, { recursive: true });
  });

  it("is found from the first page by clicking alone", async () => {
    const { page, problems } = await openPage(browser);
    await page.goto(server.url);
    const { repository } = written.commit;
    await page.getByRole("link", { name: repository.name, exact: true }).first().click();
    await page.getByRole("link", { name: "Files, line by line" }).click();
    const parts = written.path.split("/");
    for (const [i, part] of parts.entries()) {
      const name = i < parts.length - 1 ? `${part}/` : part;
      await page.getByRole("link", { name, exact: true }).click();
    }
    await page.locator(".blame .chunk-asked a[href*=prompt]").first().click();
    await page.waitForURL(/\/sessions\/.*#prompt-\d+$/);
    const asked = page.locator("li:target .prompt");
    assert((await asked.innerText()).trim().length > 0);
    assertEquals(problems, []);
    await page.context().close();
  });

  it("stands above the added lines of a commit", async () => {
    const { page } = await openPage(browser);
    await page.goto(`${server.url}/commits/${written.commit.hash}`);
    const asked = page.locator(".chunk-asked a").filter({ hasText: written.prompt.slice(0, 30) });
    await asked.first().click();
    await page.waitForURL(/\/sessions\/.*#prompt-\d+$/);
    await page.context().close();
  });

  it("passes axe in both themes, and stays in its box at every width", async () => {
    const { id } = written.commit.repository;
    const paths = [
      `/commits/${written.commit.hash}`,
      `/repositories/${id}/files`,
      `/repositories/${id}/blame?${new URLSearchParams({ path: written.path })}`,
      `/repositories/${id}/blame?path=none.txt`,
    ];
    const { page } = await openPage(browser);
    for (const path of paths) {
      await page.goto(server.url + path);
      assertEquals(await faultsOf(page), [], path);
    }
    await page.context().close();
  });

  it("says what is not there, or no revision", async () => {
    const { page } = await openPage(browser);
    const blame = `${server.url}/repositories/${written.commit.repository.id}/blame`;
    const response = await page.goto(`${blame}?path=none.txt`);
    assertEquals(response?.status(), 404);
    await page.getByText(/none.txt is not in the version/).waitFor();
    const refused = await page.goto(`${blame}?path=${written.path}&at=--output%3Dx`);
    assert(refused!.status() >= 400 && refused!.status() < 500);
    await page.context().close();
  });
});

/** A commit that still stands, with lines that a session wrote after a prompt. */
async function findWritten(url: string): Promise<Written> {
  for (let tries = 0; tries < 100; tries++) {
    const { items } = await (await fetch(`${url}/api/commits?state=tier1&limit=100`)).json();
    for (const { hash } of items) {
      const commit = await (await fetch(`${url}/api/commits/${hash}`)).json();
      for (const { path, prompt } of commit.writtenLines) {
        if (prompt !== null && /\.\w+$/.test(path)) return { commit, path, prompt: prompt.text };
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("No session wrote a line of any commit");
}
