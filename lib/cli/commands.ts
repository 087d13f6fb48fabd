import type { Command } from "./command.ts";
import { help } from "./commands/help.ts";
import { version } from "./commands/version.ts";

/** Every command, in the order of its help. */
export const COMMANDS: readonly Command[] = [help, version];
