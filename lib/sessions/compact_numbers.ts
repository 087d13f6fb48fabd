/** A set of hashes from 1 to 2^53 − 1, a tenth of the size of a `Set`. */
export class HashSet {
  #slots: Float64Array;
  #size = 0;

  constructor(hashes: Float64Array = new Float64Array()) {
    this.#slots = new Float64Array(capacityFor(hashes.length));
    for (const hash of hashes) this.add(hash);
  }

  has(hash: number): boolean {
    return this.#slots[this.#find(hash)] === hash;
  }

  /** Adds a hash; 0 stands for none and is left out. */
  add(hash: number): void {
    if (hash === 0) return;
    const slot = this.#find(hash);
    if (this.#slots[slot] === hash) return;
    this.#slots[slot] = hash;
    this.#size++;
    if (this.#size * 4 > this.#slots.length * 3) this.#grow();
  }

  /** Where the hash is, or would be. */
  #find(hash: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = ((hash >>> 0) ^ (hash / 0x100000000)) & mask;
    while (slots[slot] !== 0 && slots[slot] !== hash) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = new Float64Array(before.length * 2);
    for (const hash of before) if (hash !== 0) this.#slots[this.#find(hash)] = hash;
    // Of a session of 600,000 messages this is megabytes, which need not wait for the next collection.
    (before.buffer as ArrayBuffer).transfer(0);
  }
}

/** A power of two that what it is to hold fills to three quarters at most. */
function capacityFor(count: number): number {
  let capacity = 64;
  while (capacity * 3 < count * 4) capacity *= 2;
  return capacity;
}

/** A list of numbers that grows, eight bytes each. */
export class NumberList {
  #numbers = new Float64Array();
  #length = 0;

  push(value: number): void {
    if (this.#length === this.#numbers.length) {
      const larger = new Float64Array(Math.max(64, Math.ceil(this.#length * 1.5)));
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[this.#length++] = value;
  }

  /** The numbers that came since the last call. */
  take(): Float64Array {
    const taken = this.#numbers.subarray(0, this.#length);
    this.#numbers = new Float64Array();
    this.#length = 0;
    return taken;
  }
}
