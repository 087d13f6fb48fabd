import { type Rule, RULES } from "../../domain/links.ts";
import { CANCELLED } from "../../domain/sync_model.ts";
import { findOwner } from "../../fs/lock_file.ts";
import { backUpDaily } from "../../store/backup.ts";
import { failureMessage } from "../../store/open.ts";
import type { GitSyncResult, RepoFailure } from "../../sync/events.ts";
import { runGitSync } from "../../sync/pipeline.ts";
import { type Call, type Command, CommandFailure, EXIT, UsageError } from "../command.ts";
import { closest } from "../closest.ts";
import { runRemotely } from "../server_client.ts";
import { noteWithoutSources } from "../serving.ts";
import { STOPPED, SyncProgress, syncTotals } from "../sync_progress.ts";
import { heldMessage, type LockedRun, runWithLock } from "../with_lock.ts";

/** `ascribe sync` */
export const sync: Command = {
  name: "sync",
  summary: "Read what is new, scan the repositories and link",
  usage: "sync [--rebuild] [--without-rule NAME] [--json]",
  details:
    "Reads the sessions that changed, scans the repositories that sessions worked in, and links\n" +
    "sessions with commits. While Ascribe serves the same data folder, it is asked to do it.",
  flags: {
    "rebuild": { type: "boolean", help: "read every session anew" },
    "without-rule": {
      type: "string",
      multiple: true,
      value: "NAME",
      help: `link without a rule, to see what it is worth: ${RULES.join(", ")}`,
    },
    "json": { type: "boolean", help: "print one JSON object" },
  },
  words: { min: 0, max: 0 },
  stops: true,
  runsGit: true,
  async run(call) {
    const withoutRules = call.flags.texts("without-rule").map(ruleNamed);
    const owner = findOwner(call.config.dataDir);
    if (owner !== null) return await syncRemotely(call, owner.address, withoutRules);
    return await syncHere(call, withoutRules);
  },
};

async function syncHere(call: Call, withoutRules: Rule[]): Promise<number> {
  const { output, signal, flags } = call;
  noteWithoutSources(call);
  const progress = new SyncProgress(output);
  const outcome = await runWithLock(call, async (run) => {
    try {
      const result = await runGitSync(run, {
        onProgress: (event) => progress.event(event),
        onIndexing: (counts) => progress.reading(counts),
        rebuild: flags.on("rebuild"),
        signal,
        withoutRules,
      });
      await backUp(call, run);
      return result;
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    }
  });
  if (outcome.kind === "held") {
    throw new CommandFailure(heldMessage(call.config.dataDir, outcome.owner));
  }
  return outcome.result === null ? stopped(call) : completed(call, outcome.result);
}

/** Does what is due of the daily backup; a sync without one is a sync all the same. */
async function backUp(
  { config: { dataDir }, output }: Call,
  { db, now }: LockedRun,
): Promise<void> {
  try {
    await backUpDaily(db, { dataDir, now: now() });
  } catch (error) {
    output.log(`There is no backup of today: ${failureMessage(error, dataDir)}`);
  }
}

async function syncRemotely(
  call: Call,
  address: string | null,
  withoutRules: Rule[],
): Promise<number> {
  const { output, signal, flags, config } = call;
  if (address === null) {
    throw new CommandFailure(heldMessage(config.dataDir, findOwner(config.dataDir)));
  }
  if (withoutRules.length > 0) {
    throw new CommandFailure(
      `Ascribe is serving ${config.dataDir} at ${address}. Stop it to link without a rule, or name another --data-dir.`,
    );
  }
  const path = flags.on("rebuild") ? "/api/indexing/rebuild" : "/api/sync/git";
  const outcome = await runRemotely({ address, token: config.token, path, output, signal });
  switch (outcome.kind) {
    case "stopped":
      return stopped(call);
    case "failed":
      throw new CommandFailure(
        outcome.message === CANCELLED
          ? "The sync was cancelled at the dashboard or by another command."
          : `Sync failed: ${outcome.message}`,
      );
    case "done": {
      const { runId, failures, done } = outcome;
      return completed(call, { ...pickTotals(done), runId, failures });
    }
    default:
      return outcome satisfies never;
  }
}

function pickTotals(
  { reposScanned, commitsFound, linksCreated, durationMs }: Omit<
    GitSyncResult,
    "runId" | "failures"
  >,
) {
  return { reposScanned, commitsFound, linksCreated, durationMs };
}

function completed({ output, flags }: Call, result: GitSyncResult): number {
  if (flags.on("json")) output.print(JSON.stringify({ outcome: "completed", ...result }));
  else output.print(syncTotals({ ...result, failedRepos: result.failures.length }));
  for (const failure of result.failures) output.log(failureLine(failure));
  return EXIT.ok;
}

function stopped({ output, flags }: Call): number {
  if (flags.on("json")) output.print(JSON.stringify({ outcome: "cancelled" }));
  output.log(STOPPED);
  return EXIT.stopped;
}

function failureLine({ repo, message }: RepoFailure): string {
  return message.includes(repo) ? message : `${repo}: ${message}`;
}

function ruleNamed(name: string): Rule {
  const rule = RULES.find((known) => known === name);
  if (rule !== undefined) return rule;
  const guess = closest(name, RULES);
  const hint = guess === null ? `use one of ${RULES.join(", ")}` : `did you mean ${guess}?`;
  throw new UsageError(`There is no rule ${JSON.stringify(name)}: ${hint}`);
}
