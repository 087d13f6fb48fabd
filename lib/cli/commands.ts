import { closest } from "./closest.ts";
import type { Command } from "./command.ts";
import { UsageError } from "./failure.ts";

/** Every command by its name, in the order of its help. What one works with is loaded only once it is called. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import("./commands/serve.ts")).serve,
  sync: async () => (await import("./commands/sync.ts")).sync,
  index: async () => (await import("./commands/index.ts")).index,
  links: async () => (await import("./commands/links.ts")).links,
  edits: async () => (await import("./commands/edits.ts")).edits,
  why: async () => (await import("./commands/why.ts")).why,
  repositories: async () => (await import("./commands/repositories.ts")).repositories,
  sample: async () => (await import("./commands/sample.ts")).sample,
  erase: async () => (await import("./commands/erase.ts")).erase,
  help: async () => (await import("./commands/help.ts")).help,
  version: async () => (await import("./commands/version.ts")).version,
};

/** Every command, in the order of its help. */
export async function allCommands(): Promise<Command[]> {
  return await Promise.all(Object.values(COMMANDS).map((load) => load()));
}

/**
 * The command of this name.
 *
 * @throws {UsageError} If there is none.
 */
export async function commandNamed(name: string): Promise<Command> {
  if (Object.hasOwn(COMMANDS, name)) return await COMMANDS[name]();
  const guess = closest(name, Object.keys(COMMANDS));
  const hint = guess === null ? "ascribe help lists the commands" : `did you mean ${guess}?`;
  throw new UsageError(`There is no command ${JSON.stringify(name)}: ${hint}`);
}
