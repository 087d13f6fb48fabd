import { type JsonObject, object } from "../../text/json.ts";

/** Counts of tokens as Codex keeps them: input with what was cached in it. */
export interface TokenTotals {
  input: number;
  cacheRead: number;
  cacheWrite: number;
  output: number;
}

/** What one answer used. */
export interface MeteredUse {
  /** Tells the answer from others of its thread. */
  key: string;
  used: TokenTotals;
}

/** Tells what each answer used from counts that add up over the thread. */
export class TokenMeter {
  /** The counts where the last answer ended. */
  totals: TokenTotals | null;
  /** The thread's counts begin at its parent's end. */
  inherits = false;

  /** @param totals Those of an earlier reading. */
  constructor(totals: TokenTotals | null) {
    this.totals = totals;
  }

  /** Takes note of counts that are another thread's. */
  skip(event: JsonObject): void {
    this.totals = totalsOf(object(event.info).total_token_usage) ?? this.totals;
  }

  /** What was used since the last counts; null if that is nothing, since the same counts are told several times. */
  read(event: JsonObject): MeteredUse | null {
    const info = object(event.info);
    const totals = totalsOf(info.total_token_usage);
    return totals === null ? null : this.#count(totals, totalsOf(info.last_token_usage));
  }

  /**
   * The same from a line as Codex spells it.
   *
   * @returns Undefined if it is spelled otherwise.
   */
  readLine(line: string): MeteredUse | null | undefined {
    const totals = spelledTotals(TOTAL.exec(line));
    const last = spelledTotals(LAST.exec(line));
    return totals === null || last === null ? undefined : this.#count(totals, last);
  }

  #count(totals: TokenTotals, last: TokenTotals | null): MeteredUse | null {
    const before = this.totals;
    this.totals = totals;
    const used = before === null
      ? this.inherits ? last : totals
      : difference(totals, before) ?? last;
    if (used === null || used.input + used.output === 0) return null;
    const input = Math.max(0, used.input - used.cacheRead - used.cacheWrite);
    const key = `${totals.input} ${totals.cacheRead} ${totals.cacheWrite} ${totals.output}`;
    return { key, used: { ...used, input } };
  }
}

const SPELLED = String.raw`_token_usage":\{"input_tokens":(\d+),"cached_input_tokens":(\d+)` +
  String.raw`(?:,"cache_write_input_tokens":(\d+))?,"output_tokens":(\d+),`;
const TOTAL = new RegExp(`"total${SPELLED}`);
const LAST = new RegExp(`"last${SPELLED}`);

function spelledTotals(match: RegExpExecArray | null): TokenTotals | null {
  if (match === null) return null;
  const [, input, cached, written = "0", output] = match;
  return totalsOf({
    input_tokens: Number(input),
    cached_input_tokens: Number(cached),
    cache_write_input_tokens: Number(written),
    output_tokens: Number(output),
  });
}

/** Null where a count fell: counting began anew. */
function difference(now: TokenTotals, before: TokenTotals): TokenTotals | null {
  const used = {
    input: now.input - before.input,
    cacheRead: now.cacheRead - before.cacheRead,
    cacheWrite: now.cacheWrite - before.cacheWrite,
    output: now.output - before.output,
  };
  const { input, cacheRead, cacheWrite, output } = used;
  return Math.min(input, cacheRead, cacheWrite, output) < 0 ? null : used;
}

function totalsOf(usage: unknown): TokenTotals | null {
  const { input_tokens, cached_input_tokens, cache_write_input_tokens, output_tokens } = object(
    usage,
  );
  const input = tokens(input_tokens);
  const output = tokens(output_tokens);
  if (input === null || output === null) return null;
  const cacheRead = Math.min(tokens(cached_input_tokens) ?? 0, input);
  const cacheWrite = Math.min(tokens(cache_write_input_tokens) ?? 0, input - cacheRead);
  return { input, cacheRead, cacheWrite, output };
}

/** The most tokens that any thread may count. */
const MAX_TOKENS = 1e12;

function tokens(value: unknown): number | null {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= MAX_TOKENS
    ? value as number
    : null;
}
