import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Where the unpacked Chromium is kept between runs. */
const UNPACKED = fileURLToPath(new URL("../../_fresh/chromium/", import.meta.url));

const INSTALLED = {
  darwin: [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
  ],
  linux: ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"],
  windows: ["C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe"],
};

interface Executable {
  executablePath: string;
  env?: Record<string, string>;
}

/**
 * Finds the browser for tests: npm's Chromium on Linux x64, an installed one elsewhere.
 *
 * @throws {Error} If there is none; the message says what to install.
 */
async function findBrowser(): Promise<Executable> {
  const { os, arch } = Deno.build;
  if (os === "linux" && arch === "x86_64") return await unpackOnce();
  const paths = INSTALLED[os as keyof typeof INSTALLED] ?? [];
  const executablePath = paths.find(isThere);
  if (executablePath !== undefined) return { executablePath };
  throw new Error(
    `Cannot find a browser for the tests: install Chrome or Chromium (looked at ${
      paths.join(", ")
    })`,
  );
}

/** Unpacks npm's Chromium unless another test did; a lock makes the others wait for the first. */
async function unpackOnce(): Promise<Executable> {
  const executablePath = join(UNPACKED, "chromium");
  if (!isThere(executablePath)) {
    Deno.mkdirSync(fileURLToPath(new URL("../../_fresh/", import.meta.url)), { recursive: true });
    using lock = await Deno.open(`${UNPACKED.slice(0, -1)}.lock`, { create: true, write: true });
    await lock.lock(true);
    if (!isThere(executablePath)) await unpack();
  }
  const env = {
    ...Deno.env.toObject(),
    LD_LIBRARY_PATH: join(UNPACKED, "al2023", "lib"),
    FONTCONFIG_FILE: writeFontConfig(),
  };
  return { executablePath, env };
}

/** Names the font that npm's Chromium brings, and the system's: without any, a page with a text field ends the browser. */
function writeFontConfig(): string {
  const path = join(UNPACKED, "fonts", "ascribe.conf");
  if (isThere(path)) return path;
  const folders = [join(UNPACKED, "fonts", "fonts"), "/usr/share/fonts", "/usr/local/share/fonts"];
  const aliases = [["serif", "DejaVu Serif"], ["monospace", "DejaVu Sans Mono"]];
  const config = `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${
    folders.map((folder) => `<dir>${folder}</dir>`).join("")
  }${
    aliases.map(([name, font]) =>
      `<alias><family>${name}</family><prefer><family>${font}</family></prefer></alias>`
    ).join("")
  }<cachedir>${join(UNPACKED, "fonts", "cache")}</cachedir></fontconfig>`;
  Deno.writeTextFileSync(`${path}.${Deno.pid}`, config);
  Deno.renameSync(`${path}.${Deno.pid}`, path);
  return path;
}

async function unpack(): Promise<void> {
  // Renamed when whole, so that a run cut short leaves nothing that looks like a browser.
  const work = `${UNPACKED.slice(0, -1)}-${Deno.pid}`;
  Deno.mkdirSync(work, { recursive: true });
  const script = fileURLToPath(new URL("unpack_chromium.ts", import.meta.url));
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", script],
    env: { TMPDIR: work, AWS_LAMBDA_JS_RUNTIME: "nodejs22.x" },
  }).output();
  if (!success) throw new Error(`Cannot unpack Chromium: ${new TextDecoder().decode(stderr)}`);
  await Deno.rename(work, UNPACKED.slice(0, -1));
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

let users = 0;
let running: Promise<Browser> | null = null;

/**
 * Says that a browser will be wanted, before any test runs: all that say so share one, which ends with the last of them.
 *
 * @returns What gives the browser, and what lets go of it.
 */
export function shareBrowser(): { take(): Promise<Browser>; release(): Promise<void> } {
  users++;
  return {
    take: () => running ??= launchBrowser(),
    async release() {
      if (--users > 0) return;
      await (await running)?.close();
      running = null;
      idle.clear();
    },
  };
}

/** Starts a browser. */
export async function launchBrowser(): Promise<Browser> {
  return await chromium.launch({ ...await findBrowser(), headless: true, args: FLAGS });
}

/** A page, and what went wrong on it so far: errors on its console, and those that nothing caught. */
export interface WatchedPage {
  page: Page;
  problems: string[];
}

/** Opens a page in a context of its own, which keeps neither cookies nor storage of another. */
export async function openPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const problems: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => problems.push(String(error)));
  return { page, problems };
}

/** Pages that wait to be used again, by the options of their contexts: opening one takes longer than most of what it is for. */
const idle = new Map<string, WatchedPage[]>();

/** Lends a page as a new one would be; if `use` fails, nobody gets it again. */
export async function withPage(
  browser: Browser,
  use: (watched: WatchedPage) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const key = JSON.stringify(options);
  const pages = idle.get(key) ?? [];
  idle.set(key, pages);
  const watched = pages.pop() ?? await openPage(browser, options);
  const { page, problems } = watched;
  await use(watched);
  const context = page.context();
  const origin = new URL(page.url()).origin;
  await Promise.all(context.pages().filter((other) => other !== page).map((it) => it.close()));
  await page.unrouteAll();
  // Another site's page, an empty one too, would be given a new process.
  await page.goto(`${origin}/icon.svg`);
  await context.clearCookies();
  const client = await context.newCDPSession(page);
  await client.send("Storage.clearDataForOrigin", { origin, storageTypes: "all" });
  await client.detach();
  await page.emulateMedia({ media: null, colorScheme: null });
  problems.length = 0;
  pages.push(watched);
}
