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
