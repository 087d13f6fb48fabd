import { VERSION } from "../../domain/version.ts";
import { type Command, EXIT } from "../command.ts";

/** `ascribe version` */
export const version: Command = {
  name: "version",
  summary: "Print the version",
  usage: "version [--json]",
  flags: { json: { type: "boolean", help: "print one JSON object" } },
  words: { min: 0, max: 0 },
  run({ flags, output }) {
    const { deno, v8 } = Deno.version;
    output.print(
      flags.on("json")
        ? JSON.stringify({ version: VERSION, deno, v8, platform: Deno.build.target })
        : `ascribe ${VERSION}`,
    );
    return EXIT.ok;
  },
};
