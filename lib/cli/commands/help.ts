import { type Command, EXIT } from "../command.ts";
import { allCommands, commandHelp, commandNamed, programHelp } from "../program.ts";

/** `ascribe help [COMMAND]` */
export const help: Command = {
  name: "help",
  summary: "List the commands, or say what one of them takes",
  usage: "help [COMMAND]",
  flags: {},
  words: { min: 0, max: 1 },
  async run({ rest: [name], output }) {
    if (name === undefined) {
      for (const line of programHelp(await allCommands())) output.print(line);
      return EXIT.ok;
    }
    for (const line of commandHelp(await commandNamed(name))) output.print(line);
    return EXIT.ok;
  },
};
