import type { Command } from "../command.ts";
import { COMMANDS } from "../commands.ts";
import { EXIT, UsageError } from "../failure.ts";
import { commandHelp, programHelp } from "../help_text.ts";

/** `ascribe help [COMMAND]` */
export const help: Command = {
  name: "help",
  summary: "List the commands, or say what one of them takes",
  usage: "help [COMMAND]",
  flags: {},
  words: { min: 0, max: 1 },
  run({ rest: [name], screen }) {
    if (name === undefined) {
      for (const line of programHelp(COMMANDS)) screen.out(line);
      return EXIT.ok;
    }
    const command = COMMANDS.find((it) => it.name === name);
    if (command === undefined) throw new UsageError(`There is no command ${JSON.stringify(name)}`);
    for (const line of commandHelp(command)) screen.out(line);
    return EXIT.ok;
  },
};
