import { isFolderAsync } from "../fs/files.ts";
import { normalPath } from "../text/paths.ts";
import type { TriggerOutcome } from "../sync/git_sync.ts";
import { defineAction, QueryError } from "./query.ts";
import { findRepository } from "./repositories.ts";

/** Starts a sync. */
export const startSync = defineAction("startSync", ({ gitSync }) =>
  accepted(gitSync.trigger(), {
    message: "Git sync initiated",
    conflict: "A sync is already in progress.",
  }));

/** Cancels the sync that somebody asked for. */
export const cancelSync = defineAction("cancelSync", ({ gitSync }) => {
  const runId = gitSync.current?.runId;
  const outcome: TriggerOutcome = runId !== undefined && gitSync.cancel()
    ? { kind: "accepted", runId }
    : { kind: "conflict", runId: 0 };
  return accepted(outcome, {
    message: "Git sync cancelled",
    conflict: "No sync is running that could be cancelled.",
  });
});

/** Reads every source again. */
export const rebuild = defineAction("rebuild", ({ indexing }) =>
  accepted(indexing.rebuild(), {
    message: "Rebuild initiated",
    conflict: "A sync is in progress. Try again once it ended.",
  }));

/** Sets how often the program syncs by itself. */
export const setInterval = defineAction("setInterval", async ({ gitSync }, { seconds }) => {
  await gitSync.setIntervalSecs(seconds);
  return { gitSyncIntervalSecs: gitSync.intervalSecs };
});

/** Says where a folder is now. */
export const setAlias = defineAction("setAlias", async ({ gitSync }, { oldPath, newPath }) => {
  if (!await isFolderAsync(newPath)) {
    throw new QueryError("badRequest", `There is no folder ${newPath}.`);
  }
  await gitSync.changeAlias({ oldPath, newPath });
  return { oldPath, newPath };
});

/** Takes back where a folder is. */
export const removeAlias = defineAction(
  "removeAlias",
  async ({ gitSync, machine }, { oldPath }) => {
    const wanted = normalPath(oldPath ?? "");
    const known = await machine?.aliases() ?? [];
    if (oldPath === undefined || !known.some((alias) => alias.oldPath === wanted)) {
      const folder = oldPath ?? "a folder that is not named";
      throw new QueryError("notFound", `There is no alias for ${folder}.`);
    }
    await gitSync.changeAlias({ oldPath, newPath: null });
    return { oldPath, newPath: null };
  },
);

/** Leaves a repository out of syncs, or includes it again. */
export const setExcluded = defineAction("setExcluded", async (context, input) => {
  const { id } = await findRepository(context, input.repository);
  await context.gitSync.setExcluded(id, input.excluded);
  return { excluded: input.excluded };
});

/** Removes everything that is stored. */
export const erase = defineAction("erase", async ({ gitSync, sample }) => {
  if (sample) {
    throw new QueryError("conflict", "This is sample data. Stop Ascribe and run ascribe erase.");
  }
  await gitSync.erase();
  return {
    message: "Everything that was stored is gone. Background syncs are off until turned on.",
  };
});

function accepted(
  { kind, runId }: TriggerOutcome,
  texts: { message: string; conflict: string },
): Promise<{ message: string; status: "accepted"; runId: number }> {
  return kind === "conflict"
    ? Promise.reject(new QueryError("conflict", texts.conflict))
    : Promise.resolve({ message: texts.message, status: "accepted", runId });
}
