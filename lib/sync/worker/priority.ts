import { setPriority } from "node:os";

/** How nice the thread that syncs is to others, of 19: it takes a quarter of a core that somebody else wants whole. */
const NICENESS = 5;

/**
 * Has this thread, and the git processes that it starts, yield the processor to others: the pages, and
 * the user's own work. Nothing happens where the system keeps priorities by process rather than by thread, where the
 * right to set them is missing, or where the program was started nicer than that.
 */
export function lowerPriority(): void {
  if (Deno.build.os !== "linux") return;
  try {
    setPriority(0, NICENESS);
  } catch {
    return;
  }
}
