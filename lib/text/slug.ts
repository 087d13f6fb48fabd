import { createHash } from "node:crypto";

const LONGEST = 60;

/** A name as a part of an address: small letters, digits and dashes; `unnamed` where it has none of them. */
export function slugOf(name: string): string {
  const slug = name.normalize("NFKD").toLowerCase().replace(/[^a-z0-9]+/g, "-").slice(0, LONGEST)
    .replace(/^-+|-+$/g, "");
  return slug === "" ? "unnamed" : slug;
}

/** Ten digits that tell one text from another. */
export function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 10);
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
