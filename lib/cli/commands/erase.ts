import { acquireLock } from "../../fs/lock_file.ts";
import { type Erased, eraseFiles, listOwn } from "../../store/erase.ts";
import { formatCounted } from "../../text/format.ts";
import { type Call, type Command, CommandFailure, EXIT, UsageError } from "../command.ts";
import { heldMessage } from "../with_lock.ts";

/** What has to be typed. */
const WORD = "erase";

/** `ascribe erase` */
export const erase: Command = {
  name: "erase",
  summary: "Remove everything that Ascribe has stored",
  usage: "erase [--yes] [--json]",
  details:
    "Removes the database with its backups, damaged databases that were set aside, the sample\n" +
    "workspace and the lock: all that Ascribe ever wrote. Sources and repositories are not its\n" +
    "own and stay. Sessions whose sources are gone are lost.",
  flags: {
    yes: { type: "boolean", help: "do not ask first" },
    json: { type: "boolean", help: "print one JSON object" },
  },
  words: { min: 0, max: 0 },
  async run(call) {
    const { config: { dataDir }, output, flags } = call;
    if (listOwn(dataDir).length === 0) return done(call, { removed: [], left: [] });
    const locked = await acquireLock(dataDir);
    if (locked.kind === "failed") throw new CommandFailure(locked.message);
    if (locked.kind === "held") {
      const address = locked.owner?.address ?? null;
      throw new CommandFailure(
        address === null
          ? heldMessage(dataDir, locked.owner)
          : `Ascribe is serving ${dataDir} at ${address}. Stop it first, or erase at ${address}/settings.`,
      );
    }
    // Nobody may begin to write while its files go; the lock's own file goes with them.
    using _lock = locked.lock;
    if (!flags.on("yes") && !agreed(call)) {
      output.log("Nothing was removed.");
      return EXIT.failed;
    }
    return done(call, eraseFiles(dataDir));
  },
};

/** Whether somebody at the terminal has typed that they mean it, having seen what goes. */
function agreed({ config: { dataDir }, output }: Call): boolean {
  if (!Deno.stdin.isTerminal()) {
    throw new UsageError("Nobody is there to ask whether to erase: say so with --yes");
  }
  output.log("This removes for good:");
  for (const path of listOwn(dataDir)) output.log(`  ${path}`);
  return prompt(`Type ${WORD} to go on:`)?.trim() === WORD;
}

function done({ output, flags }: Call, erased: Erased): number {
  if (flags.on("json")) output.print(JSON.stringify(erased));
  else if (erased.removed.length === 0) output.print("There is nothing to erase.");
  else {output.print(
      `Erased: ${formatCounted(erased.removed.length, "file or folder", "files and folders")}.`,
    );}
  for (const { path, why } of erased.left) output.log(`${path} was left: ${why}.`);
  return erased.left.length === 0 ? EXIT.ok : EXIT.failed;
}
