/** A list of numbers that grows, eight bytes each. */
export class NumberList {
  #numbers: Float64Array;
  #length: number;

  constructor(numbers: Float64Array = new Float64Array()) {
    this.#numbers = numbers;
    this.#length = numbers.length;
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#numbers.length) {
      const larger = new Float64Array(Math.max(64, Math.ceil(this.#length * 1.5)));
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[this.#length++] = value;
  }

  /** The numbers as they stand: those that come later do not change it. */
  view(): Float64Array {
    return this.#numbers.subarray(0, this.#length);
  }
}
