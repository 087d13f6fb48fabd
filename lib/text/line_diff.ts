/** The lines that a change removed from a text and those it added, in order. */
export interface LineDiff {
  removed: string[];
  added: string[];
}

/** The most lines that the search for a shortest script may change. */
const MAX_EDITS = 600;

/**
 * Compares two texts by lines: a shortest edit script (Myers), without the line break at the end.
 *
 * Time and memory are bounded. If more than 600 lines differ, the lines given are those that one text has more often
 * than the other; a line that only moved is then left out.
 */
export function diffLines(before: string, after: string): LineDiff {
  const [start, endBefore, endAfter] = differingPart(before, after);
  const old = linesOf(before.slice(start, endBefore));
  const young = linesOf(after.slice(start, endAfter));
  if (old.length === 0 || young.length === 0) return { removed: old, added: young };
  if (old.length === 1 && young.length === 1 && old[0] !== young[0]) {
    return { removed: old, added: young };
  }
  const numbers = new Map<string, number>();
  const number = (line: string) => {
    const known = numbers.get(line);
    if (known === undefined) numbers.set(line, numbers.size);
    return known ?? numbers.size - 1;
  };
  const a = Int32Array.from(old, number);
  const b = Int32Array.from(young, number);
  const script = shortestScript(a, b) ?? surplus(a, b, numbers.size);
  return {
    removed: old.filter((_, i) => script.removed[i] === 1),
    added: young.filter((_, i) => script.added[i] === 1),
  };
}

/** 1 for each changed line. */
interface Script {
  removed: Uint8Array;
  added: Uint8Array;
}

/** Where the differing lines begin, in both texts, and where they end, in each. */
function differingPart(before: string, after: string): [number, number, number] {
  const shorter = Math.min(before.length, after.length);
  const same = commonStart(before, after, shorter);
  if (same === before.length && same === after.length) return [same, same, same];
  const start = same === 0 ? 0 : before.lastIndexOf("\n", same - 1) + 1;
  const common = commonEnd(before, after, shorter - start);
  // The common end begins at the start of a line.
  const end = before.indexOf("\n", Math.max(start, before.length - common));
  const kept = end < 0 ? 0 : before.length - end - 1;
  return [start, before.length - kept, after.length - kept];
}

/** How many characters are compared at once. */
const BLOCK = 256;

function commonStart(a: string, b: string, most: number): number {
  let same = 0;
  while (same < most && a.slice(same, same + BLOCK) === b.slice(same, same + BLOCK)) same += BLOCK;
  same = Math.min(same, most);
  while (same < most && a.charCodeAt(same) === b.charCodeAt(same)) same++;
  return same;
}

function commonEnd(a: string, b: string, most: number): number {
  const block = (text: string, from: number) =>
    text.slice(text.length - from - BLOCK, text.length - from);
  let same = 0;
  while (same + BLOCK <= most && block(a, same) === block(b, same)) same += BLOCK;
  const at = (text: string) => text.charCodeAt(text.length - 1 - same);
  while (same < most && at(a) === at(b)) same++;
  return same;
}

function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** A shortest script by Myers' greedy algorithm; null if it changes more than {@linkcode MAX_EDITS} lines. */
function shortestScript(a: Int32Array, b: Int32Array): Script | null {
  const most = Math.min(MAX_EDITS, a.length + b.length);
  const offset = most + 1;
  const furthest = new Int32Array(2 * offset + 1);
  const traces: Int32Array[] = [];
  if (Math.abs(a.length - b.length) > most) return null;
  for (let edits = 0; edits <= most; edits++) {
    traces.push(furthest.slice(offset - edits, offset + edits + 1));
    for (let k = -edits; k <= edits; k += 2) {
      const down = k === -edits ||
        k !== edits && furthest[offset + k - 1] < furthest[offset + k + 1];
      let x = down ? furthest[offset + k + 1] : furthest[offset + k - 1] + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      furthest[offset + k] = x;
      if (x >= a.length && x - k >= b.length) return follow(traces, a.length, b.length);
    }
  }
  return null;
}

/** Marks the changes on the path found, from its end. `traces[n]` holds the diagonals −n to n before the n-th edit. */
function follow(traces: Int32Array[], oldLength: number, newLength: number): Script {
  const script = { removed: new Uint8Array(oldLength), added: new Uint8Array(newLength) };
  let x = oldLength;
  let y = newLength;
  for (let edits = traces.length - 1; edits > 0; edits--) {
    const at = (k: number) => traces[edits][edits + k];
    const k = x - y;
    const down = k === -edits || k !== edits && at(k - 1) < at(k + 1);
    x = down ? at(k + 1) : at(k - 1);
    y = x - (down ? k + 1 : k - 1);
    if (down) script.added[y] = 1;
    else script.removed[x] = 1;
  }
  return script;
}

/** The lines that either text has more often than the other: the last ones of each. */
function surplus(a: Int32Array, b: Int32Array, distinct: number): Script {
  const pick = (lines: Int32Array, others: Int32Array) => {
    const left = new Int32Array(distinct);
    for (const line of others) left[line]++;
    return Uint8Array.from(lines, (line) => left[line]-- > 0 ? 0 : 1);
  };
  return { removed: pick(a, b), added: pick(b, a) };
}
