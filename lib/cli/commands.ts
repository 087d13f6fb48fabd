import type { Command } from "./command.ts";
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
