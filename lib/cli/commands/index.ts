import { findOwner } from "../../fs/lock_file.ts";
import { indexSources } from "../../sync/steps/index_sources.ts";
import { formatCounted } from "../../text/format.ts";
import { type Call, type Command, CommandFailure, EXIT } from "../command.ts";
import { noteWithoutSources } from "../serving.ts";
import { SyncProgress } from "../sync_progress.ts";
import { heldMessage, runWithLock } from "../with_lock.ts";
import { sync } from "./sync.ts";

/** `ascribe index` */
export const index: Command = {
  name: "index",
  summary: "Read the sessions alone, without scanning or linking",
  usage: "index [--rebuild] [--json]",
  details:
    "Reads the sessions that changed, or all of them with --rebuild. While Ascribe serves\n" +
    "the same data folder, it is asked for a sync, which reads them first.",
  flags: {
    "rebuild": { type: "boolean", help: "read every session anew" },
    "json": { type: "boolean", help: "print one JSON object" },
  },
  words: { min: 0, max: 0 },
  stops: true,
  async run(call) {
    if (findOwner(call.config.dataDir) === null) return await indexHere(call);
    return await sync.run({ ...call, flags: { ...call.flags, texts: () => [] } });
  },
};

async function indexHere(call: Call): Promise<number> {
  const { output, signal, flags, config } = call;
  noteWithoutSources(call);
  const progress = new SyncProgress(output);
  const outcome = await runWithLock(call, async (run) => {
    try {
      return await indexSources(run, {
        onProgress: (counts) => progress.reading(counts),
        rebuild: flags.on("rebuild"),
        signal,
      });
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    }
  });
  if (outcome.kind === "held") throw new CommandFailure(heldMessage(config.dataDir, outcome.owner));
  const { result } = outcome;
  if (result === null) {
    if (flags.on("json")) output.print(JSON.stringify({ outcome: "cancelled" }));
    output.log("Stopped. What was read until then is kept.");
    return EXIT.stopped;
  }
  for (const { path, message } of result.problems) output.log(`${path}: ${message}`);
  if (flags.on("json")) output.print(JSON.stringify({ outcome: "completed", ...result }));
  else {
    const { filesRead, filesTotal, sessionsChanged, skippedLines } = result;
    output.print(
      `${formatCounted(filesRead, "source")} of ${filesTotal} read, ` +
        `${formatCounted(sessionsChanged, "session")} changed, ` +
        `${formatCounted(skippedLines, "line")} skipped`,
    );
  }
  return EXIT.ok;
}
