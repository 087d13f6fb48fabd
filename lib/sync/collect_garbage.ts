/**
 * Collects garbage at once; the program is started with `--expose-gc`, and without it nothing happens.
 *
 * V8 collects by itself while the program goes on, and lets all that is new pile up until it has marked what is in use:
 * where texts are made of transcripts, that is half a megabyte each millisecond. Where little is in use, collecting
 * before V8 sees need takes a few milliseconds, and nothing piles up.
 */
export function collectGarbage(): void {
  const { gc } = globalThis as { gc?: () => void };
  gc?.();
}
