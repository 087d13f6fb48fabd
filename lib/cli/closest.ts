/** The name that is at most two typing slips from what was typed, or null. */
export function closest(typed: string, names: readonly string[]): string | null {
  let best: string | null = null;
  let slips = Math.min(2, typed.length - 1);
  for (const name of names) {
    const distance = editDistance(typed, name);
    if (distance <= slips) {
      best = name;
      slips = distance - 1;
    }
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      next.push(Math.min(row[j + 1] + 1, next[j] + 1, row[j] + (a[i] === b[j] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length];
}
