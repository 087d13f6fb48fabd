/** A piece of a text that is likely to be a secret; both ends are in UTF-16 units. */
export interface SecretSpan {
  start: number;
  end: number;
  /** What it looks like, such as `API key`. */
  kind: string;
}

/** A piece of a text: plain, or likely to be a secret. */
export interface SecretPiece {
  text: string;
  /** What it looks like; null where it is plain. */
  kind: string | null;
}

/** What stands for a secret that is not shown. */
export const MASK = "••••••";

/** A way to know a secret: group 1 is it where the pattern has one, else the whole match. */
interface Rule {
  kind: string;
  pattern: RegExp;
  /** Whether what was found is to be doubted, since its name alone gives it away. */
  doubtful?: boolean;
}

const RULES: readonly Rule[] = [
  {
    kind: "private key",
    pattern: /-----BEGIN (?:[A-Z]{2,12} ){0,2}PRIVATE KEY-----([^-]{1,20000})(?:-----END|$)/dg,
  },
  {
    kind: "private key",
    pattern: /^[ \t+]{0,8}((?=\S{0,63}[A-Z])(?=\S{0,63}[a-z])[A-Za-z0-9+/]{64})$/dgm,
    doubtful: true,
  },
  {
    kind: "API key",
    pattern:
      /(?<![\w-])(?:(?:AKIA|ASIA)[A-Z0-9]{16}|AIza[\w-]{35}|sk-(?:[a-z]{2,8}\d{0,2}-){0,2}[A-Za-z0-9_-]{20,200}|[sr]k_(?:live|test)_[A-Za-z0-9]{16,200})(?![\w-])/dg,
    doubtful: true,
  },
  {
    kind: "token",
    pattern:
      /(?<![\w-])(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_\w{40,255}|glpat-[\w-]{20,64}|npm_[A-Za-z0-9]{36}|hf_[A-Za-z0-9]{30,64}|xox[abeprs]-[A-Za-z0-9-]{10,250})(?![\w-])/dg,
  },
  {
    kind: "token",
    pattern: /(?<![\w-])eyJ[\w-]{10,2000}\.eyJ[\w-]{10,8000}\.[\w-]{10,2000}/dg,
  },
  {
    kind: "token",
    pattern:
      /\bauthorization["']?\s{0,4}[:=]\s{0,4}["']?(?:bearer|basic|token)\s{1,4}([\w.~+/=-]{12,4000})/dgi,
  },
  {
    kind: "password",
    pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@"']{0,100}:([^\s:/@"']{3,200})@/dgi,
  },
  {
    kind: "secret",
    pattern:
      /(?:^|[\s"'`;+{,(])(?:export\s{1,4})?[A-Z0-9_]{0,60}(?:SECRET|TOKEN|PASSWORD|PASSWD|API_?KEY|PRIVATE_KEY|ACCESS_KEY)[A-Z0-9_]{0,30}["']?\s{0,4}[=:]\s{0,4}["']?([^\s"'`;,]{8,4000})/dgm,
    doubtful: true,
  },
  {
    kind: "secret",
    pattern:
      /(?:secret|token|password|passwd|api_?key|access_?key)["']?\s{0,4}(?:[:=]|=>)\s{0,4}["'`]([^\s"'`]{8,4000})["'`]/dgi,
    doubtful: true,
  },
];

/** No text has a secret that has none of these in it, or is no line of a key. */
const HINT =
  /secret|token|passw|key|authorization|:\/\/|AKIA|ASIA|AIza|sk-|[sr]k_|gh[pousr]_|github_pat_|glpat-|npm_|hf_|xox|eyJ|^[ \t+]{0,8}[A-Za-z0-9+/]{64}$/im;
/** How much of a text is looked at. */
const MOST_TEXT = 1_000_000;

/** Finds what is likely to be a secret: keys of known shapes, passwords in addresses, values with telling names. */
export function findSecrets(text: string): SecretSpan[] {
  const looked = text.length > MOST_TEXT ? text.slice(0, MOST_TEXT) : text;
  if (!HINT.test(looked)) return [];
  const found: SecretSpan[] = [];
  for (const { kind, pattern, doubtful = false } of RULES) {
    for (const match of looked.matchAll(pattern)) {
      const [start, end] = match.indices![match.length > 1 ? 1 : 0]!;
      const value = looked.slice(start, end);
      if (isPlaceholder(value) || (doubtful && !isRandom(value))) continue;
      found.push({ start, end, kind });
    }
  }
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  const apart: SecretSpan[] = [];
  for (const span of found) {
    const last = apart.at(-1);
    if (last === undefined || span.start >= last.end) apart.push(span);
    else last.end = Math.max(last.end, span.end);
  }
  return apart;
}

/** Splits a text into what may be shown and what is likely to be a secret. */
export function splitSecrets(text: string): SecretPiece[] {
  const pieces: SecretPiece[] = [];
  let at = 0;
  for (const { start, end, kind } of findSecrets(text)) {
    if (start > at) pieces.push({ text: text.slice(at, start), kind: null });
    pieces.push({ text: text.slice(start, end), kind });
    at = end;
  }
  if (at < text.length || pieces.length === 0) pieces.push({ text: text.slice(at), kind: null });
  return pieces;
}

/** The text with {@linkcode MASK} in place of what is likely to be a secret. */
export function maskSecrets(text: string): string {
  return splitSecrets(text).map(({ text, kind }) => kind === null ? text : MASK).join("");
}

/** What stands where a secret is to be put, or is fetched from. */
function isPlaceholder(value: string): boolean {
  return /^[<$%{[(]|\$\{|\{\{|^(?:x+|\*+|•+|\.+)$|\bexample\b|your[-_]|changeme|placeholder|redacted/i
    .test(value) || /^(.)\1*$/.test(value);
}

/** Whether a value is rather made by chance than written: words, calls, paths and types are not. */
function isRandom(value: string): boolean {
  if (
    /[()[\]{}<>]|^(?:process|Deno|import|os|env|config|settings)\.|^\.{0,2}\/|\.[a-z]{2,4}$/.test(
      value,
    )
  ) {
    return false;
  }
  if (/^[\w-]+$/.test(value) && !/\d/.test(value) && !/[a-z][A-Z]/.test(value)) return false;
  if (/^[A-Za-z]+$/.test(value)) return false;
  return /\d/.test(value) && /[A-Za-z]/.test(value) || /[^\w.-]/.test(value);
}
