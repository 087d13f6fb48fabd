import type { Step } from "../story.ts";

/** What happens to tidemark after the steps before it, part 3 of 3. */
export const tidemarkPart3: Step[] = [{
  subject: "refactor(api): parse units in one place",
  ask: "Both endpoints parse ?unit= on their own now. Put it into one zod schema.",
  edits: [{
    path: "src/query.ts",
    text: `import { z } from "zod";

export const unit = z.enum(["m", "ft", "fathom"]).default("m");

export const heightsQuery = z.object({
  from: z.coerce.date(),
  to: z.coerce.date(),
  step: z.coerce.number().int().min(1).max(120).default(10),
  unit,
});
`,
  }],
}, {
  subject: "fix(api): refuse a range that ends before it starts",
  ask: "from > to gives a RangeError with status 500. Make it a 400 with a sentence.",
  edits: [{
    path: "src/query.ts",
    instead: `  unit,
});
`,
    text: `  unit,
}).refine((query) => query.from < query.to, { message: "from must be before to" });
`,
  }],
}, {
  subject: "test(units): metres to fathoms and back",
  ask: "Small test for units.ts.",
  edits: [{
    path: "tests/units_test.ts",
    text: `import { assertEquals } from "@std/assert";
import { toUnit } from "../src/units.ts";

Deno.test("a metre is a bit more than half a fathom", () => {
  assertEquals(toUnit(1, "fathom"), 0.547);
  assertEquals(toUnit(10, "ft"), 32.808);
});
`,
  }],
}, {
  subject: "feat(api): say which model a height comes from",
  ask:
    'Clients ask whether surge is included. Add a "model" field to the answer: harmonic, or harmonic+surge.',
  edits: [{
    path: "src/model.ts",
    text: `export type Model = "harmonic" | "harmonic+surge";

export function modelOf(query: { surge?: boolean }): Model {
  return query.surge ? "harmonic+surge" : "harmonic";
}
`,
  }],
}, {
  subject: "test(extremes): two high waters a day at Brest",
  ask:
    "A regression test for extremes with Brest's two largest constituents: 3 or 4 turning points... rather: highs and lows alternate, 3-4 each in 48 hours.",
  edits: [{
    path: "tests/extremes_test.ts",
    text: `import { assert, assertEquals } from "@std/assert";
import { extremes } from "../src/extremes.ts";

const brest = [
  { name: "M2", amplitude: 2.05, phaseDegrees: 109, degreesPerHour: 28.984 },
  { name: "S2", amplitude: 0.75, phaseDegrees: 148, degreesPerHour: 30 },
];

Deno.test("high and low water take turns", () => {
  const found = extremes(0, 48, brest);
  assert(found.length >= 7 && found.length <= 8);
  found.slice(1).forEach((it, i) => assertEquals(it.kind !== found[i].kind, true));
});
`,
  }],
}, {
  subject: "feat(surge): a forecast older than six hours counts as none",
  ask:
    "If sounding is late we must not add an old surge. Drop the forecast after six hours and report it in /health.",
  edits: [{
    path: "src/surge_age.ts",
    text: `const SIX_HOURS = 6 * 3_600_000;

/** Whether a forecast published at \`published\` may still be used. */
export function isFresh(published: number, now: number): boolean {
  return now - published < SIX_HOURS;
}
`,
  }, {
    path: "src/extremes.ts",
    instead: `  return found.map((it) => ({ ...it, height: it.height + surgeAtHours(it.hours) }));
`,
    text: `  return found.map((it) => {
    const metres = surgeAtHours(it.hours);
    // No forecast is no surge: the tide itself is still right.
    return Number.isFinite(metres) ? { ...it, height: it.height + metres } : it;
  });
`,
  }],
}];
