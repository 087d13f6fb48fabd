import { type Chunk, decode, NO_CHUNK, rawText } from "../../jsonl/line_reader.ts";

/** A value of the record that a {@linkcode RecordIndex} is about, or {@linkcode NONE}. */
export type Entry = number;

/** The record itself. */
export const RECORD: Entry = 0;
/** No value: the record has none there. */
export const NONE: Entry = -1;

/** How deep values are indexed: as deep as the calls stand that a subagent made in an earlier progress line. */
const MAX_INDEXED = 8;
/** How deep a record may be nested. */
const MAX_DEPTH = 200;
/** The most values that are indexed of one record. */
const MAX_ENTRIES = 1 << 16;
/** How far the end of a string is looked for byte by byte: most are short, and a search takes longer to begin. */
const NEAR = 12;

const FIRST_PRINTABLE = 32;
const QUOTE = 34;
const PLUS = 43;
const COMMA = 44;
const MINUS = 45;
const DOT = 46;
const ZERO = 48;
const NINE = 57;
const COLON = 58;
const CAPITAL_E = 69;
const BRACKET = 91;
const BACKSLASH = 92;
const BRACKET_END = 93;
const SMALL_E = 101;
const BRACE = 123;
const BRACE_END = 125;
const LAST_ASCII = 127;

/**
 * Where the values of a JSON record stand in a chunk, found without making anything of them.
 *
 * The whole record is walked, bracket by bracket and string by string, so that only what is one record is indexed: one
 * that was cut short, or has another written into it, leaves a bracket or a quote without its counterpart. What a long
 * string holds is passed over. Records must be spelled as `JSON.stringify` spells them, without white space.
 */
export class RecordIndex {
  #chunk: Chunk = NO_CHUNK;
  #entries = emptyEntries(256);
  /** Of the brackets that are open: what closes them, and which entries they are. */
  readonly #closing = new Uint8Array(MAX_DEPTH + 1);
  readonly #open = new Int32Array(MAX_DEPTH + 1);

  /**
   * Indexes the record that stands at [start, end) of a chunk.
   *
   * @returns Whether that is one record and nothing else, spelled without white space.
   */
  read(chunk: Chunk, start: number, end: number): boolean {
    const { bytes, text } = chunk;
    this.#chunk = chunk;
    if (bytes[start] !== BRACE || bytes[start + 1] === BRACE_END) return false;
    let { keyAt, keyEnd, valueAt, valueEnd, after } = this.#entries;
    const closing = this.#closing;
    const open = this.#open;
    valueAt[RECORD] = start;
    let count = 1;
    // Of the innermost bracket that is open: how deep it is, what closes it, and which entry it is.
    let depth = 1;
    let close = BRACE_END;
    open[1] = RECORD;
    let at = start + 1;
    while (true) {
      // Something in that bracket begins at `at`: a key and its value, or a value alone.
      let key = 0;
      let keyStop = 0;
      if (close === BRACE_END) {
        if (bytes[at] !== QUOTE) return false;
        key = keyStop = at + 1;
        for (let code = bytes[keyStop]; code !== QUOTE; code = bytes[++keyStop]) {
          // Who looks for a key looks for it as it reads. Behind the chunk's last byte there is no number.
          if (code === BACKSLASH || !(code >= FIRST_PRINTABLE)) return false;
        }
        if (bytes[keyStop + 1] !== COLON) return false;
        at = keyStop + 2;
      }
      const first = bytes[at];
      const bracket = first === BRACE || first === BRACKET;
      let entry = NONE;
      if (depth <= MAX_INDEXED && (bracket || key > 0)) {
        if (count === keyAt.length) {
          if (count === MAX_ENTRIES) return false;
          ({ keyAt, keyEnd, valueAt, valueEnd, after } = this.#entries = grown(this.#entries));
        }
        entry = count++;
        keyAt[entry] = key;
        keyEnd[entry] = keyStop;
        valueAt[entry] = at;
      }
      if (bracket) {
        const itsClose = first === BRACE ? BRACE_END : BRACKET_END;
        at++;
        if (bytes[at] !== itsClose) {
          if (depth === MAX_DEPTH) return false;
          closing[depth++] = close;
          open[depth] = entry;
          close = itsClose;
          continue;
        }
        at++;
      } else {
        at = first === QUOTE ? stringEnd(bytes, text, at + 1, end) : scalarEnd(bytes, text, at);
        if (at < 0) return false;
      }
      if (entry >= 0) {
        valueEnd[entry] = at;
        after[entry] = count;
      }
      while (bytes[at] === close) {
        entry = open[depth--];
        close = closing[depth];
        at++;
        if (entry >= 0) {
          valueEnd[entry] = at;
          after[entry] = count;
        }
        if (depth === 0) return at === end;
      }
      if (bytes[at] !== COMMA) return false;
      at++;
    }
  }

  /** The value of one key of an object; {@linkcode NONE} if there is none. */
  find(object: Entry, key: string): Entry {
    let found = NONE;
    if (object < 0) return found;
    const { text } = this.#chunk;
    const { keyAt, keyEnd, after } = this.#entries;
    const end = after[object];
    for (let entry = object + 1; entry < end; entry = after[entry]) {
      const at = keyAt[entry];
      if (keyEnd[entry] - at !== key.length) continue;
      if (text.slice(at, keyEnd[entry]) === key) found = entry;
    }
    return found;
  }

  /** Finds the values of an object's keys: {@linkcode Fields.get} gives each. */
  fields(object: Entry, fields: Fields): void {
    const { bytes, text } = this.#chunk;
    const { keyAt, keyEnd, after } = this.#entries;
    const { found, slots, names } = fields;
    found.fill(NONE);
    if (object < 0) return;
    const end = after[object];
    for (let entry = object + 1; entry < end; entry = after[entry]) {
      const at = keyAt[entry];
      const stop = keyEnd[entry];
      const slot = slots[slotOf(stop - at, bytes[at], bytes[stop - 1])];
      if (slot > 0 && text.slice(at, stop) === names[slot - 1]) found[slot - 1] = entry;
    }
  }

  /** The first of the objects and lists in a list; {@linkcode NONE} if there is none. */
  first(list: Entry): Entry {
    return list >= 0 && this.isList(list) && this.#entries.after[list] > list + 1 ? list + 1 : NONE;
  }

  /** The next of the objects and lists in a list; {@linkcode NONE} behind the last one. */
  next(list: Entry, entry: Entry): Entry {
    const next = this.#entries.after[entry];
    return next < this.#entries.after[list] ? next : NONE;
  }

  /** Where a value begins in the chunk. */
  at(entry: Entry): number {
    return this.#entries.valueAt[entry];
  }

  /** Where a value ends in the chunk. */
  end(entry: Entry): number {
    return this.#entries.valueEnd[entry];
  }

  isObject(entry: Entry): boolean {
    return entry >= 0 && this.#chunk.bytes[this.#entries.valueAt[entry]] === BRACE;
  }

  isList(entry: Entry): boolean {
    return entry >= 0 && this.#chunk.bytes[this.#entries.valueAt[entry]] === BRACKET;
  }

  isString(entry: Entry): boolean {
    return entry >= 0 && this.#chunk.bytes[this.#entries.valueAt[entry]] === QUOTE;
  }

  /** Whether a value is spelled like this. */
  isSpelled(entry: Entry, json: string): boolean {
    if (entry < 0) return false;
    const at = this.#entries.valueAt[entry];
    const end = this.#entries.valueEnd[entry];
    return end - at === json.length && this.#chunk.text.slice(at, end) === json;
  }

  /** How a value is spelled, as Latin-1. */
  spelling(entry: Entry): string {
    return rawText(this.#chunk, this.#entries.valueAt[entry], this.#entries.valueEnd[entry]);
  }

  /** The value itself; undefined if it is none, or no JSON after all. */
  value(entry: Entry): unknown {
    if (entry < 0) return undefined;
    const at = this.#entries.valueAt[entry];
    const end = this.#entries.valueEnd[entry];
    if (this.#isPlain(at, end)) return rawText(this.#chunk, at + 1, end - 1);
    try {
      return JSON.parse(decode(this.#chunk, at, end));
    } catch {
      return undefined;
    }
  }

  /** The value if it is a whole number from 0 on, spelled with digits alone; else 0. */
  amount(entry: Entry): number {
    if (entry < 0) return 0;
    const { bytes } = this.#chunk;
    const end = this.#entries.valueEnd[entry];
    let amount = 0;
    for (let at = this.#entries.valueAt[entry]; at < end; at++) {
      const digit = bytes[at] - ZERO;
      if (!(digit >= 0 && digit <= 9)) return 0;
      amount = amount * 10 + digit;
    }
    return Number.isSafeInteger(amount) ? amount : 0;
  }

  /** Whether a short string stands at [at, end) that is spelled as it reads. */
  #isPlain(at: number, end: number): boolean {
    const { bytes } = this.#chunk;
    if (bytes[at] !== QUOTE || end - at > 256) return false;
    for (let i = at + 1; i < end; i++) {
      const code = bytes[i];
      if (code === BACKSLASH || code > LAST_ASCII || code < FIRST_PRINTABLE) return false;
    }
    return true;
  }
}

/** How many slots names are sorted into. */
const SLOTS = 256;

/** The slot of a key by its length and its first and last characters. */
function slotOf(length: number, first: number, last: number): number {
  return (length * 7 + first * 5 + last * 3) & (SLOTS - 1);
}

/** Keys that are looked for together in one object. */
export class Fields<Name extends string = string> {
  readonly names: readonly Name[];
  /** For each slot, which of the names is in it, from 1; 0 for none. */
  readonly slots = new Uint8Array(SLOTS);
  /** For each name, the last value that was found, or {@linkcode NONE}. */
  readonly found: Int32Array;
  readonly #places: Record<string, number> = {};

  /** @throws {RangeError} If two names share a slot. */
  constructor(names: readonly Name[]) {
    this.names = names;
    this.found = new Int32Array(names.length).fill(NONE);
    names.forEach((name, place) => {
      const slot = slotOf(name.length, name.charCodeAt(0), name.charCodeAt(name.length - 1));
      if (this.slots[slot] !== 0) throw new RangeError(`${name} shares a slot`);
      this.slots[slot] = place + 1;
      this.#places[name] = place;
    });
  }

  /** The value that was found under a key, or {@linkcode NONE}. */
  get(name: Name): Entry {
    return this.found[this.#places[name]];
  }
}

/** The values of a record, each at one place of every list. */
interface Entries {
  /** Where its key stands; both ends are 0 if it has none. */
  keyAt: Int32Array;
  keyEnd: Int32Array;
  valueAt: Int32Array;
  valueEnd: Int32Array;
  /** The entry after the last one inside of it. */
  after: Int32Array;
}

function emptyEntries(length: number): Entries {
  return {
    keyAt: new Int32Array(length),
    keyEnd: new Int32Array(length),
    valueAt: new Int32Array(length),
    valueEnd: new Int32Array(length),
    after: new Int32Array(length),
  };
}

function grown(entries: Entries): Entries {
  const larger = emptyEntries(entries.keyAt.length * 2);
  larger.keyAt.set(entries.keyAt);
  larger.keyEnd.set(entries.keyEnd);
  larger.valueAt.set(entries.valueAt);
  larger.valueEnd.set(entries.valueEnd);
  larger.after.set(entries.after);
  return larger;
}

/** The place after the string whose first character stands at `at`, or −1. */
function stringEnd(bytes: Uint8Array, text: string, at: number, end: number): number {
  const near = Math.min(at + NEAR, end);
  let from = at;
  for (; from < near; from++) {
    const code = bytes[from];
    if (code === QUOTE) return from + 1;
    if (code === BACKSLASH) from++;
    else if (code < FIRST_PRINTABLE) return -1;
  }
  while (true) {
    const quote = text.indexOf('"', from);
    if (quote < 0 || quote >= end) return -1;
    let before = quote;
    while (before > from && bytes[before - 1] === BACKSLASH) before--;
    if ((quote - before) % 2 === 0) return quote + 1;
    from = quote + 1;
  }
}

/** The place after the number, `true`, `false` or `null` at `at`, or −1. */
function scalarEnd(bytes: Uint8Array, text: string, at: number): number {
  const first = bytes[at];
  if (first > NINE) {
    const word = text.slice(at, at + 4);
    if (word === "true" || word === "null") return at + 4;
    return word === "fals" && bytes[at + 4] === SMALL_E ? at + 5 : -1;
  }
  let end = first === MINUS ? at + 1 : at;
  end = bytes[end] === ZERO ? end + 1 : digitsEnd(bytes, end);
  if (end >= 0 && bytes[end] === DOT) end = digitsEnd(bytes, end + 1);
  if (end >= 0 && (bytes[end] === CAPITAL_E || bytes[end] === SMALL_E)) {
    const sign = bytes[end + 1];
    end = digitsEnd(bytes, end + (sign === PLUS || sign === MINUS ? 2 : 1));
  }
  return end;
}

/** The place after the digits at `at`, or −1 if there are none. */
function digitsEnd(bytes: Uint8Array, at: number): number {
  let end = at;
  while (bytes[end] >= ZERO && bytes[end] <= NINE) end++;
  return end > at ? end : -1;
}
