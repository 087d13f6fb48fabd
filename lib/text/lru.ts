/** How much an {@linkcode Lru} keeps. */
export interface LruLimits {
  /** @default {Infinity} */
  entries?: number;
  /** The most that the entries weigh together, as they were given. @default {Infinity} */
  weight?: number;
}

/** Keeps the values that were used last, up to a number of them or a weight. */
export class Lru<Key, Value> {
  readonly #limits: Required<LruLimits>;
  /** The one used last is the last. */
  readonly #entries = new Map<Key, { value: Value; weight: number }>();
  #weight = 0;

  constructor({ entries = Infinity, weight = Infinity }: LruLimits) {
    this.#limits = { entries, weight };
  }

  /** The value of a key, which is the one used last then; undefined if none is kept. */
  get(key: Key): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** The value of a key, without using it. */
  peek(key: Key): Value | undefined {
    return this.#entries.get(key)?.value;
  }

  /**
   * Keeps a value, and forgets those not used for the longest time as far as there is no room for them. One that weighs
   * more than everything may is not kept.
   *
   * @param weight In whatever unit the limit has. @default {0}
   */
  set(key: Key, value: Value, weight = 0): void {
    this.delete(key);
    if (weight > this.#limits.weight) return;
    this.#entries.set(key, { value, weight });
    this.#weight += weight;
    this.#trim(this.#limits);
  }

  delete(key: Key): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#weight -= entry.weight;
  }

  /** Forgets every value, or those beyond a weight. */
  clear({ weight = -1 }: { weight?: number } = {}): void {
    this.#trim({ entries: Infinity, weight });
  }

  #trim({ entries, weight }: Required<LruLimits>): void {
    for (const key of this.#entries.keys()) {
      if (this.#entries.size <= entries && this.#weight <= weight) return;
      this.delete(key);
    }
  }
}

/** Values that are computed once for each version of what they are computed from. */
export class VersionedLru<Value> {
  readonly #values: Lru<string, { version: string; value: Value }>;

  constructor(limits: LruLimits) {
    this.#values = new Lru(limits);
  }

  /**
   * The value of a key as of a version, computed if it is not kept.
   *
   * @param weigh What the value weighs, in the unit of the limit.
   */
  get<Found extends Value>(
    { key, version }: { key: string; version: string },
    compute: () => Found,
    weigh: (value: Found) => number = () => 0,
  ): Found {
    const known = this.#values.get(key);
    if (known?.version === version) return known.value as Found;
    const value = compute();
    this.#values.set(key, { version, value }, weigh(value));
    return value;
  }

  /** Forgets the values beyond a weight. */
  trim(weight: number): void {
    this.#values.clear({ weight });
  }
}
