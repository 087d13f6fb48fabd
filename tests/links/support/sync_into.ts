import type { AgentFolders } from "../../../lib/domain/settings.ts";
import { indexSources } from "../../../lib/sync/steps/index_sources.ts";
import { type LinkOptions, type LinkResult, linkSessions } from "../../../lib/sync/steps/link.ts";
import { scanRepositories } from "../../../lib/sync/steps/scan.ts";
import type { Database } from "../../../lib/store/database.ts";
import type { GitRunner } from "../../../lib/git/run/runner.ts";

/** What is synced, and when. */
export interface SyncSource {
  runGit: GitRunner;
  agents: readonly AgentFolders[];
  now: () => number;
}

/** Runs the steps of a sync on a database. */
export async function syncInto(
  db: Database,
  source: SyncSource,
  options: Partial<LinkOptions> = {},
): Promise<LinkResult> {
  const deps = { db, ...source };
  await indexSources(deps, { onProgress: () => {} });
  await scanRepositories(deps, { onProgress: () => {} });
  return await linkSessions(deps, { onProgress: () => {}, ...options });
}
