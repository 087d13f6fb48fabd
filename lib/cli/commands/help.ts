import { type Command, EXIT } from "../command.ts";
import { manPage } from "../man_page.ts";
import { allCommands, commandHelp, commandNamed, programHelp } from "../program.ts";

/** `ascribe help [COMMAND]` */
export const help: Command = {
  name: "help",
  summary: "List the commands, or say what one of them takes",
  usage: "help [COMMAND] [--man]",
  flags: { man: { type: "boolean", help: "print a man page: ascribe help --man | man -l -" } },
  words: { min: 0, max: 1 },
  async run({ rest: [name], flags, output }) {
    if (flags.on("man")) {
      const commands = name === undefined ? await allCommands() : [await commandNamed(name)];
      for (const line of manPage(commands)) output.paint([line]);
      return EXIT.ok;
    }
    if (name === undefined) {
      for (const line of programHelp(await allCommands())) output.print(line);
      return EXIT.ok;
    }
    for (const line of commandHelp(await commandNamed(name))) output.print(line);
    return EXIT.ok;
  },
};
