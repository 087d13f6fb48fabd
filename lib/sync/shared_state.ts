/** The longest error text that is kept, in bytes of UTF-8. */
export const ERROR_TEXT_BYTES = 4096;

/** Slots of every state, in an `Int32Array` at the buffer's start; a kind of state adds its own behind them. */
const VERSION = 0;
const PHASE_CHANGES = 1;
const PHASE = 2;
const ERROR_TURN = 3;
const ERROR_LENGTHS = 4;

/** The first slot that a kind of state may use. */
export const FIRST_SLOT = 6;
const SLOTS = 32;
const TEXT_OFFSET = SLOTS * Int32Array.BYTES_PER_ELEMENT;
const BYTES = TEXT_OFFSET + 2 * ERROR_TEXT_BYTES;

/** How long counters may change before listeners hear of it, in milliseconds. */
export const SAMPLE_MS = 100;

/**
 * A phase, counters and an error's text in a buffer that threads share: one thread writes, any number look, nobody
 * locks.
 *
 * Two things hold for every state. A phase is stored after all that belongs to it, so who sees the phase sees the
 * rest. Every write bumps the version and notifies it.
 */
export abstract class SharedState {
  /** What another thread builds the same state from. */
  readonly buffer: SharedArrayBuffer;
  protected readonly slots: Int32Array;
  #listeners = new Set<() => void>();
  #waiting = false;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(BYTES)) {
    this.buffer = buffer;
    this.slots = new Int32Array(buffer, 0, SLOTS);
  }

  /** A number that grows with each write. */
  get version(): number {
    return Atomics.load(this.slots, VERSION);
  }

  /** The error's text, or null where there is none. */
  get error(): string | null {
    for (;;) {
      const turn = Atomics.load(this.slots, ERROR_TURN);
      const length = Atomics.load(this.slots, ERROR_LENGTHS + (turn & 1));
      if (length === 0) return null;
      // TextDecoder refuses shared memory, so the bytes are copied first.
      const text = new TextDecoder().decode(this.#errorBytes(turn).slice(0, length));
      if (Atomics.load(this.slots, ERROR_TURN) === turn) return text;
    }
  }

  /**
   * Calls `listener` when something changed: at once for a phase, at most every {@linkcode SAMPLE_MS} for the rest. A
   * phase that is stored in this thread is heard before the call that stores it returns, so none goes unheard.
   *
   * However many listen, one waiter sleeps on the state, and it does not keep the process alive.
   *
   * @returns A function that ends it.
   */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    if (!this.#waiting) {
      this.#waiting = true;
      this.#wakeListeners();
    }
    return () => this.#listeners.delete(listener);
  }

  protected get phaseNumber(): number {
    return Atomics.load(this.slots, PHASE);
  }

  protected storePhase(phase: number): void {
    Atomics.store(this.slots, PHASE, phase);
    Atomics.add(this.slots, PHASE_CHANGES, 1);
    this.bump();
    Atomics.notify(this.slots, PHASE_CHANGES);
    this.#tell();
  }

  protected bump(): void {
    Atomics.add(this.slots, VERSION, 1);
    Atomics.notify(this.slots, VERSION);
  }

  protected get(slot: number): number {
    return Atomics.load(this.slots, slot);
  }

  protected set(slot: number, value: number): void {
    Atomics.store(this.slots, slot, value);
    this.bump();
  }

  protected add(slot: number, value: number): void {
    Atomics.add(this.slots, slot, value);
    this.bump();
  }

  /** Stores the text, cut at 4 KB on a character's boundary. The place that readers look at is never the one written. */
  protected storeError(message: string | null): void {
    const turn = Atomics.load(this.slots, ERROR_TURN) + 1;
    const bytes = new Uint8Array(ERROR_TEXT_BYTES);
    const { written } = new TextEncoder().encodeInto(message ?? "", bytes);
    this.#errorBytes(turn).set(bytes.subarray(0, written));
    Atomics.store(this.slots, ERROR_LENGTHS + (turn & 1), written);
    Atomics.store(this.slots, ERROR_TURN, turn);
  }

  #errorBytes(turn: number): Uint8Array {
    return new Uint8Array(
      this.buffer,
      TEXT_OFFSET + (turn & 1) * ERROR_TEXT_BYTES,
      ERROR_TEXT_BYTES,
    );
  }

  async #wakeListeners(): Promise<void> {
    let seen = Atomics.load(this.slots, VERSION);
    let phaseSeen = Atomics.load(this.slots, PHASE_CHANGES);
    let told = -Infinity;
    while (this.#listeners.size > 0) {
      await Atomics.waitAsync(this.slots, VERSION, seen).value;
      const rest = told + SAMPLE_MS - performance.now();
      if (rest > 0 && Atomics.load(this.slots, PHASE_CHANGES) === phaseSeen) {
        await Atomics.waitAsync(this.slots, PHASE_CHANGES, phaseSeen, rest).value;
      }
      seen = Atomics.load(this.slots, VERSION);
      phaseSeen = Atomics.load(this.slots, PHASE_CHANGES);
      told = performance.now();
      this.#tell();
    }
    this.#waiting = false;
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
