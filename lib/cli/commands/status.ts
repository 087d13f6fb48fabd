import { findOwner } from "../../fs/lock_file.ts";
import { status as statusQuery } from "../../queries/status.ts";
import { formatCount } from "../../text/format.ts";
import { type Command, EXIT } from "../command.ts";
import { openReading } from "../reading.ts";

/** `ascribe status` */
export const status: Command = {
  name: "status",
  summary: "Say what is stored, when it was brought up to date, and who serves it",
  usage: "status [--json]",
  flags: { json: { type: "boolean", help: "print one JSON object" } },
  words: { min: 0, max: 0 },
  async run(call) {
    const { flags, config, output } = call;
    using context = openReading(call);
    const stored = await statusQuery.run(context, {});
    const server = findOwner(config.dataDir)?.address ?? null;
    if (flags.on("json")) {
      output.print(JSON.stringify({ ...stored, dataDir: config.dataDir, server }));
      return EXIT.ok;
    }
    const rows: [string, string][] = [
      ["Sessions", formatCount(stored.sessionsIndexed)],
      ["Repositories", formatCount(stored.repositoriesFound)],
      ["Commits", formatCount(stored.commitsFound)],
      ["Links", formatCount(stored.linksCreated)],
      ["Sessions read", stored.lastIndexedAt ?? "never"],
      ["Last sync", stored.lastGitSyncAt ?? "never"],
      ["Data folder", config.dataDir],
      ["Server", server ?? "none is running"],
    ];
    for (const [name, value] of rows) {
      output.paint([{ text: name.padEnd(15), style: "head" }, value]);
    }
    return EXIT.ok;
  },
};
