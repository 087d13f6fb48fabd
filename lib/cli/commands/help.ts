import { type Command, EXIT, UsageError } from "../command.ts";
import { closest } from "../closest.ts";
import { commandHelp, manPage, programHelp } from "../help_text.ts";

/** `ascribe help [COMMAND]` */
export const help: Command = {
  name: "help",
  summary: "List the commands, or say what one of them takes",
  usage: "help [COMMAND] [--man]",
  flags: { man: { type: "boolean", help: "print a man page: ascribe help --man | man -l -" } },
  words: { min: 0, max: 1 },
  async run({ rest: [name], flags, output, commands }) {
    const all = await commands();
    const chosen = name === undefined ? all : all.filter((command) => command.name === name);
    if (chosen.length === 0) throw noCommand(name, all);
    const lines = flags.on("man")
      ? manPage(chosen)
      : name === undefined
      ? programHelp(all)
      : commandHelp(chosen[0]);
    for (const line of lines) output.paint([line]);
    return EXIT.ok;
  },
};

function noCommand(name: string, all: readonly Command[]): UsageError {
  const guess = closest(name, all.map((command) => command.name));
  const hint = guess === null ? "ascribe help lists the commands" : `did you mean ${guess}?`;
  return new UsageError(`There is no command ${JSON.stringify(name)}: ${hint}`);
}
