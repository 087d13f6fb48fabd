/** A generator of numbers from 0 to 1 that a seed determines. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A source of choices that a seed determines. */
export class Random {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = randomFrom(seed);
  }

  /** A number from 0 up to 1. */
  next(): number {
    return this.#next();
  }

  /** A whole number from 0 up to `below`. */
  int(below: number): number {
    return Math.floor(this.#next() * below);
  }

  /** Whether something happens that does so this often. */
  chance(share: number): boolean {
    return this.#next() < share;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.int(items.length)];
  }

  /** A version 4 UUID. */
  uuid(): string {
    return `${this.#hex(8)}-${this.#hex(4)}-4${this.#hex(3)}-a${this.#hex(3)}-${this.#hex(12)}`;
  }

  #hex(digits: number): string {
    return Array.from({ length: digits }, () => this.int(16).toString(16)).join("");
  }
}
