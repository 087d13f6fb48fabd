/**
 * Takes the pictures of README with the tests' browser, from a sample workspace built anew:
 *
 *     deno task build && deno run -A tests/support/take_screenshots.ts [FOLDER]
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { launchBrowser, openPage } from "./browser.ts";
import { startServer } from "./server.ts";

const FOLDER = Deno.args[0] ?? fileURLToPath(new URL("../../docs/screenshots/", import.meta.url));
const VIEWPORT = { width: 1280, height: 860 };

/** A page to take, and how. */
interface Shot {
  file: string;
  path: string;
  colorScheme: "light" | "dark";
}

/** A commit that a session made, whose page shows every kind of evidence. */
async function findCommit(url: string): Promise<string> {
  const { items } = await (await fetch(`${url}/api/commits?state=tier1&limit=20`)).json();
  return items[0].hash;
}

await using server = await startServer();
const browser = await launchBrowser();
try {
  while ((await (await fetch(`${server.url}/api/status`)).json()).linksCreated === 0) {
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const shots: Shot[] = [
    { file: "overview.png", path: "/", colorScheme: "light" },
    { file: "commit.png", path: `/commits/${await findCommit(server.url)}`, colorScheme: "light" },
  ];
  for (const { file, path, colorScheme } of shots) {
    const { page } = await openPage(browser, { viewport: VIEWPORT, colorScheme });
    await page.goto(server.url + path, { waitUntil: "load" });
    await page.waitForTimeout(700);
    await page.screenshot({ path: join(FOLDER, file) });
    await page.context().close();
  }
} finally {
  await browser.close();
}
