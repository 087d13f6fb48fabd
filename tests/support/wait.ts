/**
 * Waits for a promise, and keeps the process alive meanwhile.
 *
 * @throws {Error} If it takes longer than `ms`.
 */
export async function within<Value>(promise: Promise<Value>, ms = 60_000): Promise<Value> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`It took longer than ${ms} ms`)), ms);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Waits until a condition holds.
 *
 * @throws {Error} If it does not hold within `ms`.
 */
export async function until(condition: () => boolean, ms = 60_000): Promise<void> {
  const deadline = performance.now() + ms;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`It did not happen within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
