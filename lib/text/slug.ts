import { hashText } from "./fnv.ts";

const LONGEST = 60;

/** A name as a part of an address: small letters, digits and dashes; `unnamed` where it has none of them. */
export function slugOf(name: string): string {
  const slug = name.normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase().replace(
    /[^a-z0-9]+/g,
    "-",
  ).slice(0, LONGEST)
    .replace(/^-+|-+$/g, "");
  return slug === "" ? "unnamed" : slug;
}

/** Eight digits that tell a text from a few others: with its name before them, from very many. */
export function shortHash(text: string): string {
  return (hashText(text) >>> 0).toString(16).padStart(8, "0");
}

/** The same texts, those that another before has too with a number behind them: `loom`, `loom-2`. */
export function distinct(texts: readonly string[]): string[] {
  const taken = new Set<string>();
  return texts.map((text) => {
    let own = text;
    for (let n = 2; taken.has(own); n++) own = `${text}-${n}`;
    taken.add(own);
    return own;
  });
}
