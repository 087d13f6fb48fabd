/** A link as it is scored. */
export interface FoundLink {
  session: string;
  commit: string;
  confidence: number;
  rules: string[];
}

/** A session and a commit that the recorder of a set saw together. */
export interface RecordedPair {
  commit: string;
  session: string;
  /** The session also edited a file that the commit changes. */
  clean: boolean;
}

/** How links compare with what was recorded. */
export interface Score {
  links: number;
  /** Of the links on commits that have a recorded pair, the share that was recorded. */
  precision: number;
  /** The same over all links. */
  precisionAll: number;
  /** Of the clean pairs, the share that was found. */
  recall: number;
  /** Of all recorded pairs, the share that was found. */
  recallAll: number;
  f1: number;
}

/** Links of one set with its recorded pairs. */
export interface Scored {
  links: readonly FoundLink[];
  recorded: readonly RecordedPair[];
}

/** Scores the links of one or several sets together. */
export function scoreOf(sets: readonly Scored[]): Score {
  const sum = { links: 0, hits: 0, onNamed: 0, recorded: 0, clean: 0, cleanHits: 0 };
  for (const { links, recorded } of sets) {
    const clean = new Map(recorded.map((pair) => [keyOf(pair), pair.clean]));
    const named = new Set(recorded.map(({ commit }) => commit));
    sum.links += links.length;
    sum.recorded += clean.size;
    for (const isClean of clean.values()) sum.clean += isClean ? 1 : 0;
    for (const link of links) {
      const pair = clean.get(keyOf(link));
      sum.hits += pair === undefined ? 0 : 1;
      sum.cleanHits += pair === true ? 1 : 0;
      sum.onNamed += named.has(link.commit) ? 1 : 0;
    }
  }
  const precision = share(sum.hits, sum.onNamed);
  const recall = share(sum.cleanHits, sum.clean);
  return {
    links: sum.links,
    precision,
    precisionAll: share(sum.hits, sum.links),
    recall,
    recallAll: share(sum.hits, sum.recorded),
    f1: share(2 * precision * recall, precision + recall),
  };
}

/** How many of the links given a confidence were recorded, on commits that have a recorded pair. */
export interface Calibration {
  from: number;
  to: number;
  links: number;
  recorded: number;
  /** The mean confidence that was given. */
  given: number;
}

const STEPS = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.001];

/** Compares confidence with what was recorded, step by step. */
export function calibrate(sets: readonly Scored[]): Calibration[] {
  const table = STEPS.slice(1).map((to, i) => ({
    from: STEPS[i],
    to,
    links: 0,
    recorded: 0,
    given: 0,
  }));
  for (const { links, recorded } of sets) {
    const pairs = new Set(recorded.map(keyOf));
    const named = new Set(recorded.map(({ commit }) => commit));
    for (const link of links) {
      const step = table.find(({ from, to }) => link.confidence >= from && link.confidence < to);
      if (step === undefined || !named.has(link.commit)) continue;
      step.links++;
      step.given += link.confidence;
      if (pairs.has(keyOf(link))) step.recorded++;
    }
  }
  return table.map((step) => ({ ...step, given: share(step.given, step.links) }));
}

function keyOf({ commit, session }: { commit: string; session: string }): string {
  return `${commit} ${session}`;
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
