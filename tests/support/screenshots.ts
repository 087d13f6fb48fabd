/**
 * Takes the pictures under `docs/screenshots/`: every page of the sample workspace, in both themes, and the overview,
 * a commit, a session and a sync at three widths. Run by `deno task screenshots`, which takes those alone that are named.
 */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { launchBrowser, openPage } from "./browser.ts";
import { startServer } from "./server.ts";
import { type HeldGit, heldGit } from "./held_git.ts";
import { createGitRunner, type GitRunner } from "../../lib/git/run/runner.ts";
import { buildSample } from "../../sample/sample.ts";

const OUT = fileURLToPath(new URL("../../docs/screenshots/", import.meta.url));
const WIDTHS = { phone: 360, laptop: 1280, wide: 2560 } as const;
const THEMES = ["light", "dark"] as const;

interface Shot {
  name: string;
  path: string;
  widths?: (keyof typeof WIDTHS)[];
  /** What is done before the picture is taken. */
  prepare?: (page: Page) => Promise<void>;
}

async function shotsOf(url: string): Promise<Shot[]> {
  const read = async (path: string) => await (await fetch(url + path)).json();
  const { items: commits } = await read("/api/commits?state=tier1&limit=60");
  const details = await Promise.all(
    commits.map(({ hash }: { hash: string }) => read(`/api/commits/${hash}`)),
  );
  const told = details.toSorted((a, b) => b.writtenLines.length - a.writtenLines.length)[0];
  const { items: sessions } = await read("/api/sessions?sort=commits&limit=1");
  const { items: projects } = await read("/api/projects?limit=1");
  const { id } = told.repository;
  const asked = mostAskedFor(details);
  const file = new URLSearchParams({ path: asked.path });
  const all: Shot["widths"] = ["phone", "laptop", "wide"];
  return [
    { name: "overview", path: "/?range=all", widths: all },
    { name: "projects", path: "/projects" },
    { name: "project", path: `/projects/${projects[0].id}` },
    { name: "sessions", path: "/sessions" },
    { name: "session", path: `/sessions/${sessions[0].sessionId}`, widths: all },
    { name: "commits", path: "/commits" },
    { name: "edits", path: "/edits?landed=missing" },
    { name: "commit", path: `/commits/${told.hash}?repository=${id}`, widths: all },
    { name: "repositories", path: "/repositories" },
    { name: "repository", path: `/repositories/${id}` },
    { name: "files", path: `/repositories/${id}/files` },
    { name: "blame", path: `/repositories/${asked.id}/blame?${file}` },
    { name: "settings", path: "/settings" },
    { name: "help", path: "/help" },
    {
      name: "search",
      path: "/",
      prepare: async (page) => {
        await page.keyboard.press("Control+K");
        await page.keyboard.type("test");
        await page.getByRole("option").first().waitFor();
      },
    },
    {
      name: "syncs",
      path: "/",
      prepare: async (page) => {
        await page.getByRole("button", { name: "Details" }).click();
        await page.getByRole("heading", { name: "Runs" }).waitFor();
      },
    },
  ];
}

interface Detail {
  repository: { id: number };
  writtenLines: { path: string; prompt: { text: string } | null }[];
}

/** A sync in its midst: what some repositories have that is new is not listed before it is let go. */
const SYNCING: Shot = {
  name: "syncing",
  path: "/repositories",
  widths: ["phone", "laptop", "wide"],
  prepare: async (page) => {
    await page.getByText(/^Scanning repo /).first().waitFor();
    await page.getByRole("button", { name: "Details" }).click();
    await page.getByText("scanning...").first().waitFor();
  },
};
const HELD = ["harbor-web", "tidemark", "sounding"];

async function takeSyncing(
  browser: Browser,
  { url, work, git, held }: { url: string; work: string; git: GitRunner; held: HeldGit },
): Promise<void> {
  held.hold();
  for (const name of [...HELD, "handbook"]) {
    const args = ["commit", "-q", "--allow-empty", "-m", "chore: note what is next"];
    const made = await git.run(
      ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", ...args],
      {
        cwd: join(work, name),
      },
    );
    if (made.kind !== "ok") throw new Error(`Cannot commit in ${name}: ${made.kind}`);
  }
  await fetch(`${url}/api/sync/git`, { method: "POST", headers: { origin: url } });
  await take(browser, url, SYNCING);
  held.letGo();
}

/** The file that the most prompts changed. */
function mostAskedFor(details: Detail[]): { id: number; path: string } {
  const prompts = new Map<string, { id: number; path: string; asked: Set<string> }>();
  for (const { repository: { id }, writtenLines } of details) {
    for (const { path, prompt } of writtenLines) {
      const file = prompts.get(`${id} ${path}`) ?? { id, path, asked: new Set() };
      prompts.set(`${id} ${path}`, file);
      if (prompt !== null) file.asked.add(prompt.text);
    }
  }
  return [...prompts.values()].toSorted((a, b) => b.asked.size - a.asked.size)[0];
}

async function take(browser: Browser, url: string, shot: Shot): Promise<void> {
  for (const width of shot.widths ?? ["laptop"]) {
    for (const theme of THEMES) {
      const size = WIDTHS[width];
      const viewport = { width: size, height: width === "phone" ? 780 : size * 0.625 };
      const { page } = await openPage(browser, { viewport, colorScheme: theme });
      await page.goto(url + shot.path);
      await page.getByText(/^(Last update|Scanning)/).first().waitFor();
      const loom = page.locator(".loom");
      if (await loom.count() > 0) await page.locator(".loom[data-loom=ready]").waitFor();
      await shot.prepare?.(page);
      await page.waitForTimeout(400);
      const name = width === "laptop" ? shot.name : `${shot.name}-${width}`;
      const suffix = theme === "light" ? "" : "-dark";
      await page.screenshot({ path: join(OUT, `${name}${suffix}.png`) });
      await page.context().close();
    }
  }
}

if (import.meta.main) {
  // Pictures show paths: the same ones each time.
  const folder = join(tmpdir(), "ascribe-screenshots");
  await Deno.mkdir(folder);
  try {
    const git = createGitRunner({ environment: { PATH: Deno.env.get("PATH") } });
    const date = new Date().toISOString().slice(0, 10);
    const home = join(folder, "home");
    const { claudeDir } = await buildSample(home, { date, git });
    await Deno.mkdir(OUT, { recursive: true });
    const held = heldGit(join(folder, "bin"), HELD);
    const env = { PATH: `${held.bin}:${Deno.env.get("PATH")}` };
    await using server = await startServer({ claudeDir, dataDir: join(folder, "data"), env });
    await using browser = await launchBrowser();
    const { page } = await openPage(browser);
    await page.goto(server.url);
    await page.getByText(/^Last update/).waitFor();
    const isWanted = ({ name }: Shot) => Deno.args.length === 0 || Deno.args.includes(name);
    const shots = await shotsOf(server.url);
    for (const shot of shots.filter(isWanted)) await take(browser, server.url, shot);
    if (isWanted(SYNCING)) {
      await takeSyncing(browser, { url: server.url, work: join(home, "work"), git, held });
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
