import type { Random } from "../support/random.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Damages JSON or JSON Lines as chance has it: bytes, records, values, one to three times. */
export function damage(bytes: Uint8Array<ArrayBuffer>, random: Random): Uint8Array<ArrayBuffer> {
  let damaged = bytes;
  for (let n = 1 + random.int(3); n > 0; n--) {
    damaged = random.chance(0.5)
      ? damageBytes(damaged, random)
      : encoder.encode(damageText(decoder.decode(damaged), random));
  }
  return damaged;
}

function damageBytes(bytes: Uint8Array<ArrayBuffer>, random: Random): Uint8Array<ArrayBuffer> {
  const at = random.int(bytes.length);
  const length = random.int(Math.min(2_000, bytes.length - at));
  const splice = (remove: number, middle: Uint8Array) => spliced(bytes, at, at + remove, middle);
  return random.pick([
    () => bytes.slice(0, at),
    () => splice(length, new Uint8Array()),
    () => splice(0, new Uint8Array(1 + random.int(20_000))),
    () => splice(length, new Uint8Array(length)),
    () => splice(0, bytes.slice(at, at + length)),
    () => splice(1, Uint8Array.of(random.int(256))),
    () => splice(3, Uint8Array.of(0xed, 0xa0, 0xbd)),
    () => spliced(bytes, 0, 0, Uint8Array.of(0xef, 0xbb, 0xbf)),
    () => splice(0, encoder.encode("}{")),
    () => splice(0, encoder.encode("\n")),
    () => bytes.map((byte) => byte === 10 && random.chance(0.2) ? 32 : byte),
  ])();
}

function spliced(
  bytes: Uint8Array,
  start: number,
  end: number,
  middle: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const after = bytes.subarray(Math.min(end, bytes.length));
  const whole = new Uint8Array(start + middle.length + after.length);
  whole.set(bytes.subarray(0, start));
  whole.set(middle, start);
  whole.set(after, start + middle.length);
  return whole;
}

/** Damages one record: a line, or the whole text where it is one JSON document. */
function damageText(text: string, random: Random): string {
  if (parse(text) !== undefined) return mistyped(text, random);
  const lines = text.split("\n");
  const at = random.int(lines.length);
  const line = lines[at];
  random.pick([
    () => lines[at] = mistyped(line, random),
    () => lines[at] = mistyped(line, random),
    () => lines[at] = mistyped(line, random),
    () => lines.splice(at, 1),
    () => lines.splice(at, 0, line),
    () => lines.splice(at, 0, lines[random.int(lines.length)]),
    () => lines.push(...lines.slice(at)),
    () => lines.reverse(),
    () => lines[at] = line.repeat(1 + random.int(4)),
    () => lines[at] = `[${line}]`,
    () => lines.splice(at, 0, "[".repeat(20_000) + "]".repeat(20_000)),
    () => lines.splice(at, 0, '{"a":'.repeat(5_000)),
    () => lines.splice(at, 0, `${" ".repeat(100_000)}x`),
    () => lines[at] = line.replace(/"[^"]{1,40}"(?!:)/, `"${"s".repeat(200_000)}"`),
  ])();
  return lines.join("\n");
}

/** The JSON text with one of its values turned into something else. */
function mistyped(json: string, random: Random): string {
  const parsed = parse(json);
  let at = parsed;
  while (typeof at === "object" && at !== null) {
    const holder = at as Record<string, unknown>;
    const keys = Object.keys(holder);
    if (keys.length === 0) break;
    const key = random.pick(keys);
    const value = holder[key];
    if (typeof value !== "object" || value === null || random.chance(0.25)) {
      if (random.chance(0.15)) delete holder[key];
      else holder[key] = oddValue(value, random);
      break;
    }
    at = value;
  }
  return parsed === undefined ? json : JSON.stringify(parsed);
}

function oddValue(value: unknown, random: Random): unknown {
  const text = typeof value === "string" ? value : "text";
  return random.pick<() => unknown>([
    () => null,
    () => 7,
    () => -1e308,
    () => 1e21,
    () => 0.5,
    () => true,
    () => "",
    () => "text",
    () => [],
    () => ({}),
    () => [[{}]],
    () => [text],
    () => ({ text, type: text, length: 1e9 }),
    () => JSON.parse('{"__proto__":{"content":"x"},"constructor":{"name":7}}'),
    () => [null, 1, "x", { type: "text", text: {} }, { type: "toolCall", id: 7, name: [] }],
    () => "\ud800\u0000\uffff",
    () => text.repeat(50),
    () => "../".repeat(2_000),
    () => "__proto__",
    () => "9999-12-31T23:59:59.999Z",
    () => "+275760-09-13T00:00:00.001Z",
    () => "1969-12-31T23:59:59.999Z",
    () => "diff --git a/x b/x\n@@ -1,99999999 +1 @@\n+x",
    () => "git commit -m 'x' <<EOF\n".repeat(20),
    () => JSON.parse("[".repeat(3_000) + "]".repeat(3_000)),
  ])();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
