import { VERSION } from "../domain/version.ts";
import { measureData } from "../store/data_size.ts";
import { iso } from "../store/read/page.ts";
import { plainName } from "../store/write/distinct_names.ts";
import { defineQuery, QueryError } from "./query.ts";

/** Whether the server answers. */
export const health = defineQuery(
  "health",
  () => Promise.resolve({ status: "ok", name: "ascribe", version: VERSION }),
);

/** What is stored, when it was brought up to date, and what is running. */
export const status = defineQuery("status", async ({ reads, machine, sync }) => {
  const stored = await reads.status();
  const { indexedAt, syncedAt } = await machine?.lastTimes() ?? { indexedAt: null, syncedAt: null };
  return {
    ...stored,
    lastIndexedAt: iso(indexedAt),
    lastGitSyncAt: iso(syncedAt),
    gitSyncIntervalSecs: sync?.intervalSecs ?? 0,
    running: sync?.running ?? null,
    version: sync?.announcements.version ?? 0,
  };
});

/** Syncs, the newest first. */
export const runs = defineQuery("runs", async ({ machine }, input) => {
  if (machine === null) return { items: [], total: 0, cursor: null };
  const { items, ...page } = await machine.runs(input);
  return {
    ...page,
    items: items.map((run) => ({
      ...run,
      startedAt: iso(run.startedAt),
      endedAt: iso(run.endedAt),
    })),
  };
});

/** Where each repository stands in the newest run. */
export const syncRepositories = defineQuery("syncRepositories", async ({ reads, sync }) => {
  if (sync === null) throw noSync();
  const { runId, list } = sync.repositories;
  const known = new Map((await reads.repositories()).map((it) => [it.path, it]));
  const items = list.map(({ repo, state, message }) => ({
    id: known.get(repo)?.id ?? null,
    name: known.get(repo)?.name ?? plainName(repo),
    path: repo,
    state,
    message,
  }));
  return { runId, items };
});

/** The settings. */
export const settings = defineQuery("settings", ({ sync }) => {
  if (sync === null) return Promise.reject(noSync());
  return Promise.resolve({ gitSyncIntervalSecs: sync.intervalSecs });
});

/** How much room the data folder takes, and which settings and what of each agent are stored there. */
export const storage = defineQuery("storage", async ({ machine, config }) => ({
  size: config === null ? null : await measureData(config.dataDir),
  stored: await machine?.isStored("gitSyncIntervalSecs") ? ["gitSyncIntervalSecs"] : [],
  agents: (await machine?.agentSources() ?? []).map(({ writtenAt, ...counts }) => ({
    ...counts,
    writtenAt: iso(writtenAt),
  })),
}));

function noSync(): QueryError {
  return new QueryError("unavailable", "No sync runs here.");
}
