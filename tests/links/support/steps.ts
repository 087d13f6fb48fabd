import { COMMIT_STEPS } from "./commit_steps.ts";
import { HAND_STEPS } from "./hand_steps.ts";
import { SESSION_STEPS } from "./session_steps.ts";
import type { World } from "./world.ts";

/** A sentence of a story, and what it does. */
export type Step = [
  pattern: RegExp,
  perform: (world: World, words: (string | undefined)[] & string[]) => void | Promise<void>,
];

/** Every sentence that a story may hold. */
export const STEPS: readonly Step[] = [...SESSION_STEPS, ...COMMIT_STEPS, ...HAND_STEPS];
