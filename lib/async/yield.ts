/** How long a step may hold the thread before it lets messages in. */
const TURN_MS = 40;

/** Yields to the event loop if the last turn is a while ago, and throws once its signal is aborted. */
export type Pause = () => Promise<void>;

/** Makes a {@linkcode Pause}. */
export function yielder(signal: AbortSignal | undefined): Pause {
  let since = performance.now();
  return async () => {
    signal?.throwIfAborted();
    if (performance.now() - since < TURN_MS) return;
    await sleep();
    since = performance.now();
    signal?.throwIfAborted();
  };
}

/** Runs `work` on every item, so many at a time. The first error ends it, once those at work are done. */
export async function inParallel<Item>(
  items: Iterable<Item>,
  { limit, work }: { limit: number; work: (item: Item) => Promise<void> },
): Promise<void> {
  const left = items[Symbol.iterator]();
  let failed = false;
  const lane = async () => {
    for (let next = left.next(); !next.done && !failed; next = left.next()) {
      try {
        await work(next.value);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: limit }, lane));
  for (const lane of lanes) if (lane.status === "rejected") throw lane.reason;
}

/** Waits; without a time, until the event loop has turned. */
export function sleep(ms = 0): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
