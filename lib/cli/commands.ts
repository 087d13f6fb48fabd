import { closest } from "./closest.ts";
import type { Command } from "./command.ts";
import { UsageError } from "./failure.ts";
import { erase } from "./commands/erase.ts";
import { help } from "./commands/help.ts";
import { index } from "./commands/index.ts";
import { links } from "./commands/links.ts";
import { repositories } from "./commands/repositories.ts";
import { sample } from "./commands/sample.ts";
import { serve } from "./commands/serve.ts";
import { sync } from "./commands/sync.ts";
import { version } from "./commands/version.ts";
import { why } from "./commands/why.ts";

/** Every command, in the order of its help. */
export const COMMANDS: readonly Command[] = [
  serve,
  sync,
  index,
  links,
  why,
  repositories,
  sample,
  erase,
  help,
  version,
];

/**
 * The command of this name.
 *
 * @throws {UsageError} If there is none.
 */
export function commandNamed(name: string): Command {
  const found = COMMANDS.find((command) => command.name === name);
  if (found !== undefined) return found;
  const guess = closest(name, COMMANDS.map((command) => command.name));
  const hint = guess === null ? "ascribe help lists the commands" : `did you mean ${guess}?`;
  throw new UsageError(`There is no command ${JSON.stringify(name)}: ${hint}`);
}
