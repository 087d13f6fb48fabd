/** A way to know a secret: group 1 is it where the pattern has one, else the whole match. */
export interface SecretRule {
  /** What it looks like, such as `API key`. */
  kind: string;
  pattern: RegExp;
  /** How far what was found is to be doubted: a name gives it away in code, and in prose it may be anything. */
  doubt?: "code" | "prose";
}

/** No text has a secret that has none of these in it, or is no line of a key. */
export const HINT =
  /secret|token|pass|key|auth|:\/\/|\bx?ox|AKIA|ASIA|AIza|ATATT|ATCTT|eyJ|GOCSPX|FlyV1|PMAK|SG\.|ya29|hv[sbr]\.|dp\.|[a-z\d]_|[a-z]-|:AA|SK|dapi|curl|docker|mysql|cookie|login|Amz|\.[\w-]{6}\.[\w-]{27}|^[ \t+]{0,8}[A-Za-z0-9+/]{64}/im;

/** What the makers of tokens begin them with, so that they are known. */
const MARKS = [
  "gl(?:pat|dt|rt|cbt|ptt|ft|soat|oas)-",
  "(?:npm|hf|gsk|r8|whsec|ntn|figd|sbp|fo1|fm2|tfp|dckr_pat|rubygems|nfp|glc|glsa)_",
  "(?:xai|pplx|pypi|GOCSPX|PMAK|xapp)-",
  "do[opr]_v1_",
  "lin_(?:api|oauth)_",
  "shp(?:at|ca|pa|ss)_",
  "pscale_(?:tkn|oauth|pw)_",
  "hv[sbr]\\.",
  "dp\\.(?:pt|st|ct|sa)\\.",
  "AT[AC]TT3",
  "SG\\.",
  "ya29\\.",
  "AGE-SECRET-KEY-1",
].join("|");

/** Names of what nobody else is to know, as programs and people spell them. */
const NAMES =
  "secret|token(?!iz)|passw(?:or)?d|passphrase|api[_-]?key|(?:access|account|private|signing|encryption)[_-]?key|client-key-data|_auth";

/** Every rule. Each takes time in proportion to the text, whatever the text. */
export const RULES: readonly SecretRule[] = [
  {
    // One line of a key; the whole of one is found by where it begins and ends.
    kind: "private key",
    pattern:
      /^[ \t+]{0,8}((?=\S{0,63}[A-Z])(?=\S{0,63}[a-z])[A-Za-z0-9+/]{64}(?:[A-Za-z0-9+/]{6}){0,2})$/dgm,
    doubt: "code",
  },
  {
    kind: "API key",
    pattern:
      /(?<![\w-])(?:(?:AKIA|ASIA)[A-Z0-9]{16}|AIza[\w-]{35}|sk-(?:[a-z]{2,8}\d{0,2}-){0,2}[A-Za-z0-9_-]{20,200}|[sr]k_(?:live|test)_[A-Za-z0-9]{16,200}|SK[0-9a-f]{32}|dapi[0-9a-f]{32}|secret_[A-Za-z0-9]{40,80})(?![\w-])/dg,
    doubt: "code",
  },
  {
    kind: "token",
    pattern:
      /(?<![\w-])(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_\w{40,255}|xox[abeprs]-[A-Za-z0-9-]{10,250})(?![\w-])/dg,
  },
  { kind: "token", pattern: /(?<![\w-])\d{8,10}:AA[\w-]{33}(?![\w-])/dg },
  { kind: "token", pattern: /(?<![\w-])[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,40}(?![\w-])/dg },
  {
    kind: "token",
    pattern: new RegExp(`(?<![\\w-])(?:${MARKS})[\\w.-]{16,600}`, "dg"),
    doubt: "code",
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
  { kind: "token", pattern: /\bFlyV1[ ](\w{16,2000})/dg },
  {
    kind: "token",
    pattern: /\bhooks\.slack\.com\/services\/(T\w{6,20}\/B\w{6,20}\/\w{16,40})/dg,
  },
  {
    kind: "signature",
    pattern: /\bX-Amz-(?:Signature|Security-Token|Credential)=([^&\s"'`]{16,4000})/dg,
  },
  {
    kind: "session",
    pattern: /\bcookie["']?:[ \t]{0,4}["']?[\w.-]{1,60}=([^;\s"'`]{16,4000})/dgi,
    doubt: "code",
  },
  {
    kind: "password",
    pattern: /:\/\/[^\s:/@"']{0,100}:([^\s:/@"']{3,200})@/dg,
  },
  {
    kind: "password",
    pattern: /"auth"[ \t]{0,4}:[ \t]{0,4}"([A-Za-z0-9+/]{12,400}={0,2})"/dg,
  },
  {
    kind: "password",
    pattern: /\blogin[ \t]{1,4}[^\s]{1,100}[ \t]{1,4}password[ \t]{1,4}([^\s]{4,200})/dg,
  },
  { kind: "password", pattern: /\bsshpass[ \t]{1,4}-p[ \t]{0,4}["']?([^\s"'`]{4,200})/dg },
  {
    kind: "password",
    pattern:
      /\bcurl\b[^\n|;]{0,200}?[ \t](?:-u|--user)[ \t=]{1,4}["']?[^\s:"'`]{1,100}:([^\s"'`]{4,200})/dg,
  },
  {
    kind: "password",
    pattern:
      /\bdocker[ \t]{1,4}login\b[^\n|;]{0,200}?[ \t](?:-p|--password)[ \t=]{1,4}["']?([^\s"'`]{4,200})/dg,
  },
  { kind: "password", pattern: /\bmysql(?:dump)?\b[^\n|;]{0,100}?[ \t]-p([^\s"'`]{4,200})/dg },
  {
    kind: "secret",
    pattern:
      /--(?:password|passwd|passphrase|token|secret|api-?key|access-?key|auth-token)[ \t=]{1,4}["'`]?([^\s"'`]{6,4000})/dg,
    doubt: "code",
  },
  {
    kind: "secret",
    pattern:
      /(?:SECRET|TOKEN|PASSWORD|PASSWD|API_?KEY|PRIVATE_KEY|ACCESS_KEY)[A-Z0-9_]{0,30}["']?\s{0,4}[=:]\s{0,4}["']?([^\s"'`;,]{8,4000})/dg,
    doubt: "code",
  },
  {
    kind: "secret",
    pattern: new RegExp(
      `(?:${NAMES})["']?\\s{0,4}(?:[:=]|=>)\\s{0,4}["'\`]([^\\s"'\`]{8,4000})["'\`]`,
      "dgi",
    ),
    doubt: "code",
  },
  {
    kind: "secret",
    pattern: new RegExp(
      `(?:${NAMES})[\\w.-]{0,30}["']?[ \\t]{0,4}(?:[:=]|=>|:=)[ \\t]{0,4}["'\`]?([^\\s"'\`;,&)]{8,4000})`,
      "dgi",
    ),
    doubt: "prose",
  },
];

/** What stands where a secret is to be put, or is fetched from. */
export function isPlaceholder(value: string): boolean {
  return /^[<$%{[(]|\$\{|\{\{|^(?:x+|\*+|•+|\.+)$|\bexample\b|your[-_]|changeme|placeholder|redacted/i
    .test(value) || /^(.)\1*$/.test(value);
}

/** Whether a value is rather made by chance than written: words, calls, paths and types are not. */
export function isRandom(value: string, doubt: "code" | "prose"): boolean {
  if (
    /[()[\]{}<>]|^(?:process|Deno|import|os|env|config|settings)\.|^\.{0,2}\/|\.[a-z]{2,4}$/.test(
      value,
    )
  ) {
    return false;
  }
  if (/^[\w-]+$/.test(value) && !/\d/.test(value) && !/[a-z][A-Z]/.test(value)) return false;
  if (/^[A-Za-z]+$/.test(value)) return false;
  const mixed = /\d/.test(value) && /[A-Za-z]/.test(value);
  if (doubt === "code") return mixed || /[^\w.-]/.test(value);
  return mixed && /\d.*\d|[^\w.-]/.test(value) && !/:\/\/|\||&&/.test(value) &&
    !/^[A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*)+$/.test(value) &&
    !(value.length < 30 && /^[\w.@-]+(?:\/[\w.@-]+)+$/.test(value));
}
