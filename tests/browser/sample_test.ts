import { assert, assertEquals } from "@std/assert";
import { beforeAll, describe, it } from "@std/testing/bdd";
import type { Page } from "playwright-core";
import { faultsOf } from "../support/faults.ts";
import { sidewaysOf } from "../support/screens.ts";
import { useSampleSite } from "../support/site.ts";

/** A line that a session wrote, after a prompt. */
interface Written {
  commit: { hash: string; repository: { id: number; name: string } };
  path: string;
  prompt: string;
}

describe("the sample workspace", () => {
  const site = useSampleSite();
  /** A file whose line 40 a session wrote. */
  let written: Written;

  beforeAll(async () => {
    written = await findLine40();
  });

  /** The first commit whose file, as it is today, has a line 40 with a prompt. */
  async function findLine40(): Promise<Written> {
    const { items } = await site.read("/api/commits?state=tier1&limit=100");
    for (const { hash } of items) {
      const commit = await site.read(`/api/commits/${hash}`);
      for (const { path, prompt } of commit.writtenLines) {
        if (prompt === null || !/\.(ts|tsx|js|go|py|rs)$/.test(path)) continue;
        const file = new URLSearchParams({ path, from: "40", count: "1" });
        const { lineCount, groups } = await site.read(
          `/api/repositories/${commit.repository.id}/blame?${file}`,
        );
        if (lineCount >= 40 && groups[0].prompt) return { commit, path, prompt: prompt.text };
      }
    }
    throw new Error("No session wrote line 40 of any file");
  }

  /** Opens the first session of a list for which `isWanted` holds. */
  async function findSession(isWanted: (session: Record<string, unknown[]>) => boolean) {
    const { items } = await site.read("/api/sessions?limit=100");
    for (const { sessionId } of items) {
      const session = await site.read(`/api/sessions/${sessionId}`);
      if (isWanted(session)) return session;
    }
    throw new Error("No session is as it is wanted");
  }

  const isAtPrompt = (page: Page) => page.waitForURL(/\/sessions\/.*#prompt-[0-9a-z]+$/);

  site.flow(
    "says who wrote line 40 of a file, and what was asked for, by clicking alone from the first page",
    async (page) => {
      await page.goto(site.url);
      await page.getByRole("link", { name: written.commit.repository.name, exact: true }).first()
        .click();
      await page.getByRole("link", { name: "Browse files" }).click();
      const parts = written.path.split("/");
      for (const [i, part] of parts.entries()) {
        const name = i < parts.length - 1 ? `${part}/` : part;
        await page.getByRole("link", { name, exact: true }).click();
      }
      await page.locator(".blame").waitFor();
      assertEquals(await sidewaysOf(page), []);
      await page.getByLabel("Line", { exact: true }).fill("40");
      await page.getByRole("button", { name: "Show" }).click();
      await page.locator("#L40:target").waitFor();
      await page.locator(".chunk:has(:target) .chunk-asked a").click();
      await isAtPrompt(page);
      assert((await page.locator("li:target .prompt").innerText()).trim().length > 0);
    },
  );

  site.flow("shows a file at any revision, and as it was before a commit", async (page) => {
    const { commit: { hash, repository }, path } = written;
    await page.goto(
      `${site.url}/repositories/${repository.id}/blame?${new URLSearchParams({ path })}`,
    );
    await page.getByLabel("Branch, tag or commit").fill(hash.slice(0, 10));
    await page.getByLabel("Branch, tag or commit").press("Enter");
    await page.locator(".page-head").getByText(hash.slice(0, 8)).waitFor();
    await page.locator(".chunk-before").filter({ visible: true }).first().click();
    await page.waitForURL(/at=[0-9a-f]{40}/);
    await page.locator(".blame").waitFor();
    assert(!page.url().includes(hash));
  });

  site.flow(
    "marks the lines that a commit added with the prompt that asked for them, and each with its colours",
    async (page) => {
      await page.goto(`${site.url}/commits/${written.commit.hash}`);
      const added = page.locator(".diff-written .code-line");
      assert(await added.count() > 0);
      assertEquals(await added.first().locator(".code-mark").innerText(), "+");
      assert(await page.locator(".diff [class^=token-]").count() > 0);
      const asked = page.locator(".chunk-asked a").filter({ hasText: written.prompt.slice(0, 30) });
      await asked.first().click();
      await isAtPrompt(page);
    },
  );

  site.flow("says why a commit is linked, and why not with other sessions", async (page) => {
    const { items } = await site.read("/api/commits?state=linked&limit=200");
    const all = await Promise.all(
      items.map(({ hash }: { hash: string }) => site.read(`/api/commits/${hash}`)),
    );
    const commit = all.find(({ considered }) => considered.length > 0);
    await page.goto(`${site.url}/commits/${commit.hash}`);
    const linked = page.getByRole("region", { name: "Session" });
    await linked.locator(".reasons li").first().waitFor();
    await linked.getByText(/Why not/).click();
    const other = linked.locator("#considered .linked-session").first();
    assert((await other.innerText()).trim().split("\n").length > 1);
    assertEquals(await sidewaysOf(page), []);
    await other.getByRole("link").click();
    await page.waitForURL(/\/sessions\/[0-9a-f-]+$/);
  });

  site.flow("leads from a commit to what it was rewritten from, and back", async (page) => {
    const { items } = await site.read("/api/commits?limit=200");
    const all = await Promise.all(
      items.map(({ hash }: { hash: string }) => site.read(`/api/commits/${hash}`)),
    );
    const amended = all.find(({ repository, copies }) =>
      repository.name === "handbook" && copies.length > 0
    );
    await page.goto(`${site.url}/commits/${amended.hash}`);
    const about = page.getByRole("region", { name: "About" });
    await about.getByText("Rewritten from").waitFor();
    await about.getByText(/held by no branch any more/).waitFor();
    await about.getByRole("link", { name: amended.copies[0].hash.slice(0, 8) }).click();
    await page.locator(".page-head").getByText(amended.copies[0].hash).waitFor();
    await about.getByText("Copied to").waitFor();
    await about.getByRole("link", { name: amended.hash.slice(0, 8) }).click();
    await page.locator(".page-head").getByText(amended.hash).waitFor();
  });

  site.flow(
    "tells a session as its prompts, the work folded, each commit where it was made with its evidence",
    async (page) => {
      const { sessionId, commits } = await findSession(({ prompts, commits }) =>
        prompts.length > 1 && commits.length > 1
      );
      await page.goto(`${site.url}/sessions/${sessionId}`);
      const timeline = page.locator(".timeline");
      const kinds = await timeline.locator(".timeline-prompt, .timeline-commit").evaluateAll((
        entries,
      ) => entries.map((it) => it.classList.contains("timeline-commit") ? "commit" : "prompt"));
      assertEquals(kinds[0], "prompt");
      // A commit stands between the prompts, not after them.
      assert(kinds.indexOf("commit") < kinds.lastIndexOf("prompt"), kinds.join());
      const work = timeline.locator("details[id^=work-]").first();
      assertEquals(await work.locator(".work-list").isVisible(), false);
      await work.locator("summary").click();
      assert(await work.locator(".work-list li").first().isVisible());
      const commit = page.locator(`#commit-${commits[0].hash}`);
      await commit.getByText(/\+\d/).waitFor();
      await commit.locator("summary").click();
      assert(await commit.locator(".reasons li").first().isVisible());
      assertEquals(await sidewaysOf(page), []);
      await commit.getByRole("link", { name: commits[0].hash.slice(0, 8) }).click();
      await page.getByRole("heading", { level: 1, name: commits[0].subject }).waitFor();
      await page.locator(`a[href$="#commit-${commits[0].hash}"]`).first().click();
      await page.locator(`#commit-${commits[0].hash}:target`).waitFor();
    },
  );

  site.flow(
    "leads from a session to those that were open then, and to its edits that never landed",
    async (page) => {
      const beside = await findSession(({ openAtTheTime }) => openAtTheTime.length > 0);
      const lossy = await findSession(({ linesNotLanded }) => Number(linesNotLanded) > 0);
      const other = beside.openAtTheTime[0];
      await page.goto(`${site.url}/sessions/${beside.sessionId}`);
      const open = page.getByRole("region", { name: "Concurrent sessions" });
      await open.getByRole("row").getByRole("link").first().click();
      await page.waitForURL(`**/sessions/${other.sessionId}`);
      await page.goto(`${site.url}/sessions/${lossy.sessionId}`);
      await page.getByRole("link", { name: "See them" }).click();
      await page.getByRole("heading", { level: 1, name: "Edits" }).waitFor();
      const rows = page.locator("main tbody tr");
      assert(await rows.count() > 0);
      assertEquals(await rows.locator(`a[href*="${lossy.sessionId}"]`).count(), await rows.count());
    },
  );

  it("passes axe in both themes, and stays in its box at every width", async () => {
    const { id } = written.commit.repository;
    const paths = [
      `/commits/${written.commit.hash}`,
      `/repositories/${id}/files`,
      `/repositories/${id}/blame?${new URLSearchParams({ path: written.path })}`,
      `/repositories/${id}/blame?path=none.txt`,
    ];
    const { page } = await site.open();
    for (const path of paths) {
      await page.goto(site.url + path);
      assertEquals(await faultsOf(page), [], path);
    }
    await page.context().close();
  });

  it("says what is not there, or no revision", async () => {
    const { page } = await site.open();
    const blame = `${site.url}/repositories/${written.commit.repository.id}/blame`;
    const response = await page.goto(`${blame}?path=none.txt`);
    assertEquals(response?.status(), 404);
    await page.getByText(/none.txt is not in the version/).waitFor();
    const refused = await page.goto(`${blame}?path=${written.path}&at=--output%3Dx`);
    assert(refused!.status() >= 400 && refused!.status() < 500);
    await page.context().close();
  });
});
