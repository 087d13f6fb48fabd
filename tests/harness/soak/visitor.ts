import { SseReader } from "../../support/sse.ts";

const PAGES = [
  "/",
  "/sessions",
  "/commits",
  "/repositories",
  "/projects",
  "/settings",
  "/search?q=the",
  "/api/status",
  "/api/sessions?limit=500",
  "/api/commits?limit=500",
  "/api/links?limit=500",
  "/api/loom",
  "/metrics",
];

/** What visitors did in all. */
export interface Visits {
  pages: number;
  streams: number;
  syncs: number;
}

/** Behaves like someone with the dashboard open, until `signal` is aborted. */
export async function visit(
  url: string,
  { random, signal, visits }: { random: () => number; signal: AbortSignal; visits: Visits },
): Promise<void> {
  while (!signal.aborted) {
    const choice = random();
    if (choice < 0.6) await loadPage(url, PAGES[Math.floor(random() * PAGES.length)], visits);
    else if (choice < 0.85) await listen(url, { ms: random() * 300, random, visits });
    else await sync(url, visits);
  }
}

async function loadPage(url: string, path: string, visits: Visits): Promise<void> {
  const response = await fetch(url + path);
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`${path}: ${response.status}`);
  visits.pages++;
}

/** Opens a stream and leaves it in the middle. */
async function listen(
  url: string,
  { ms, random, visits }: { ms: number; random: () => number; visits: Visits },
): Promise<void> {
  const paths = ["/api/events", "/api/sync/git/progress", "/api/indexing/progress"];
  const response = await fetch(url + paths[Math.floor(random() * paths.length)]);
  visits.streams++;
  if (response.body === null) return;
  await new Promise((resolve) => setTimeout(resolve, ms));
  await response.body.cancel();
}

/** Asks for a sync and watches it to its end, whoever started it. */
async function sync(url: string, visits: Visits): Promise<void> {
  const headers = { origin: url };
  const asked = await fetch(`${url}/api/sync/git`, { method: "POST", headers });
  await asked.body?.cancel();
  const response = await fetch(`${url}/api/sync/git/progress`);
  if (response.body === null) return;
  const ended = (await new SseReader(response).rest()).at(-1);
  if (ended?.event !== "done") throw new Error(`a sync ended with ${JSON.stringify(ended)}`);
  visits.syncs++;
}
