import type { Random } from "../../support/random.ts";

/** Adds what goes wrong on disks, and what other tools leave in their transcripts. */
export function addOddity(lines: string[], random: Random): void {
  const last = lines.at(-1) ?? "{}";
  const other = lines.at(-2) ?? "{}";
  const odd = random.pick([
    () => lines.push("// a comment"),
    () => lines.push("\0".repeat(20)),
    () => lines.push(""),
    () => lines.push(last),
    () => lines.push(last.slice(0, random.int(last.length))),
    () => lines.push(`${lines.pop() ?? ""}${last}`),
    () => lines.push(`\0\0${last}\0`),
    () => lines.push(`${last}\r`),
    () => lines.push(`${last.slice(0, random.int(last.length))}${other}`),
    () => lines.push("[1,2,3]"),
    () => lines.push('"text"'),
    () => lines.push(last.replace(/"timestamp":"[^"]*"/, '"timestamp":"never"')),
    () => lines.push(last.replace(/"sessionId":"[^"]*"/, '"sessionId":7')),
  ]);
  odd();
}
