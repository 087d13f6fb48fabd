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
