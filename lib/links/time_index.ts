/**
 * Prepares looking up which of `times` lie in an interval.
 *
 * @returns A function that takes both ends, inclusive, and gives the places in `times`, in the order of time.
 */
export function within(times: readonly number[]): (from: number, to: number) => number[] {
  const places = times.map((_, place) => place).sort((a, b) => times[a] - times[b] || a - b);
  return (from, to) => {
    let low = 0;
    let high = places.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (times[places[middle]] < from) low = middle + 1;
      else high = middle;
    }
    const found: number[] = [];
    for (let i = low; i < places.length && times[places[i]] <= to; i++) found.push(places[i]);
    return found;
  };
}

/** The place of the first of some things, in the order of time, that is not before a time. */
export function firstAfter(things: readonly { at: number }[], at: number): number {
  let low = 0;
  let high = things.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (things[middle].at < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
