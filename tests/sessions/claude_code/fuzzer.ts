import { generateTranscript } from "./generator.ts";
import { Random } from "../../support/random.ts";

const encoder = new TextEncoder();

/** Writes a transcript and damages it, as a seed determines. */
export function damagedTranscript(seed: number): Uint8Array<ArrayBuffer> {
  const random = new Random(seed);
  const messages = 5 + random.int(40);
  const lines = generateTranscript(seed, { messages }).lines;
  for (let n = random.int(4); n > 0; n--) damageLines(lines, random, seed);
  let bytes = encoder.encode(lines.join(random.chance(0.1) ? "\r\n" : "\n") + "\n");
  for (let n = random.int(4); n > 0; n--) bytes = damageBytes(bytes, random);
  return bytes;
}

function damageLines(lines: string[], random: Random, seed: number): void {
  const at = random.int(lines.length);
  const line = lines[at];
  const damage = random.pick([
    () => lines[at] = mistyped(line, random),
    () => lines[at] = mistyped(line, random),
    () => lines[at] = line.replace(/"timestamp":"[^"]*"/, `"timestamp":"${oddTime(random)}"`),
    () => lines[at] = line.replace(/"parentUuid":("[^"]*"|null)/, '"parentUuid":"itself"'),
    () => lines[at] = line.replace(/"uuid":"[^"]*"/, '"uuid":"itself"'),
    () => lines.push(...lines.slice(at)),
    () => lines.splice(at, 0, ...generateTranscript(seed + 1, { messages: 4 }).lines),
    () => lines.splice(at, 0, `${"[".repeat(20_000)}${"]".repeat(20_000)}`),
    () => lines.splice(at, 0, '{"a":'.repeat(20_000)),
    () => lines.splice(at, 0, nested(line)),
    () => lines.splice(at, 0, "{}".repeat(2_000)),
    () => lines.splice(at, 0, `${" ".repeat(100_000)}x`),
    () => lines.splice(at, 0, '{"type":"user","message":{"content":"<system-reminder>'.repeat(500)),
    () => lines[at] = line.replaceAll(/"sessionId":"[^"]*"/g, `"sessionId":"${"s".repeat(5_000)}"`),
    () => lines[at] = line.replaceAll("/home/me", "\\ud800\\u0000\\uffff"),
    () => lines[at] = line.repeat(1 + random.int(5)),
  ]);
  damage();
}

/** The line with one of its values turned into something else. */
function mistyped(line: string, random: Random): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return line;
  }
  let at = parsed;
  while (typeof at === "object" && at !== null) {
    const holder = at as Record<string, unknown>;
    const keys = Object.keys(holder);
    if (keys.length === 0) break;
    const key = random.pick(keys);
    const value = holder[key];
    if (typeof value !== "object" || value === null || random.chance(0.3)) {
      holder[key] = random.pick<unknown>([
        null,
        7,
        -1e308,
        true,
        "",
        "text",
        [],
        {},
        [[{}]],
        { __proto__: null, content: {} },
        [null, 1, "x", { type: "tool_result", tool_use_id: 7, content: [{ text: {} }] }],
        [{ type: "tool_use", id: {}, name: "Bash", input: { command: ["git"] } }],
      ]);
      break;
    }
    at = value;
  }
  return JSON.stringify(parsed);
}

function oddTime(random: Random): string {
  return random.pick([
    "0000-01-01T00:00:00.000Z",
    "9999-12-31T23:59:59.999Z",
    "2026-02-30T25:61:61.000Z",
    "1969-12-31T23:59:59.999Z",
    "2026-02-12",
    "now",
    "1770890400000",
    "+275760-09-13T00:00:00.001Z",
  ]);
}

/** The line as the content of a tool's result, a hundred times over. */
function nested(line: string): string {
  return `{"type":"user","message":{"content":${"[".repeat(100)}${line}${"]".repeat(100)}}}`;
}

function damageBytes(bytes: Uint8Array<ArrayBuffer>, random: Random): Uint8Array<ArrayBuffer> {
  const at = random.int(bytes.length);
  const length = random.int(Math.min(5_000, bytes.length - at));
  const damage = random.pick([
    () => bytes.slice(0, at),
    () => spliced(bytes, at, at + length, new Uint8Array()),
    () => spliced(bytes, at, at, new Uint8Array(1 + random.int(200_000))),
    () => spliced(bytes, at, at, bytes.slice(at, at + length)),
    () => spliced(bytes, at, at + 1, Uint8Array.of(random.int(256))),
    () => spliced(bytes, at, at + 3, Uint8Array.of(0xed, 0xa0, 0xbd)),
    () => spliced(bytes, 0, 0, Uint8Array.of(0xef, 0xbb, 0xbf)),
    () => spliced(bytes, at, at, encoder.encode("}{")),
    () => spliced(bytes, at, at, encoder.encode("\n")),
    () => bytes.map((byte) => byte === 10 && random.chance(0.2) ? 32 : byte),
  ]);
  return damage();
}

function spliced(
  bytes: Uint8Array,
  start: number,
  end: number,
  middle: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(start + middle.length + Math.max(0, bytes.length - end));
  whole.set(bytes.subarray(0, start));
  whole.set(middle, start);
  whole.set(bytes.subarray(end), start + middle.length);
  return whole;
}
