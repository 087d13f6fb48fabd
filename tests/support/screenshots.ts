/**
 * Takes the pictures under `docs/screenshots/` of the sample workspace. `deno task screenshots` takes all of them, or those
 * that are named.
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
const SIZES = { laptop: { width: 1280, height: 800 }, phone: { width: 360, height: 780 } } as const;

interface Shot {
  name: string;
  path: string;
  /** @default {"laptop"} */
  size?: keyof typeof SIZES;
  /** @default {"light"} */
  theme?: "light" | "dark";
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
  const asked = mostAskedFor(details);
  const file = new URLSearchParams({ path: asked.path });
  const overview = "/?range=all";
  return [
    { name: "overview", path: overview },
    { name: "overview-dark", path: overview, theme: "dark" },
    { name: "overview-phone", path: overview, size: "phone" },
    { name: "session", path: `/sessions/${sessions[0].sessionId}` },
    { name: "commit", path: `/commits/${told.hash}?repository=${told.repository.id}` },
    { name: "blame", path: `/repositories/${asked.id}/blame?${file}` },
    { name: "edits", path: "/edits?landed=missing" },
  ];
}

interface Detail {
  repository: { id: string };
  writtenLines: { path: string; prompt: { text: string } | null }[];
}

/** A sync at work: git is held back while it lists what is new in some repositories. */
const SYNCING: Shot = {
  name: "syncing",
  path: "/repositories",
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
function mostAskedFor(details: Detail[]): { id: string; path: string } {
  const prompts = new Map<string, { id: string; path: string; asked: Set<string> }>();
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
  const { name, path, size = "laptop", theme = "light" } = shot;
  const { page } = await openPage(browser, { viewport: SIZES[size], colorScheme: theme });
  await page.goto(url + path);
  await page.getByText(/^(Last update|Scanning)/).first().waitFor();
  const loom = page.locator(".loom");
  if (await loom.count() > 0) await page.locator(".loom[data-loom=ready]").waitFor();
  await shot.prepare?.(page);
  await page.waitForTimeout(400);
  await page.screenshot({ path: join(OUT, `${name}.png`) });
  await page.context().close();
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
