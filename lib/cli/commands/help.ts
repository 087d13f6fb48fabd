import { type Command, EXIT } from "../command.ts";
import { allCommands, commandHelp, commandNamed, programHelp } from "../program.ts";

/** `ascribe help [COMMAND]` */
export const help: Command = {
  name: "help",
  summary: "List the commands, or say what one of them takes",
  usage: "help [COMMAND]",
  flags: {},
  words: { min: 0, max: 1 },
  async run({ rest: [name], screen }) {
    if (name === undefined) {
      for (const line of programHelp(await allCommands())) screen.out(line);
      return EXIT.ok;
    }
    for (const line of commandHelp(await commandNamed(name))) screen.out(line);
    return EXIT.ok;
  },
};
