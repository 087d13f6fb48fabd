import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertExists,
  assertGreater,
  assertGreaterOrEqual,
  assertInstanceOf,
  assertLess,
  assertLessOrEqual,
  assertMatch,
  assertNotEquals,
  assertNotMatch,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
  fail,
} from "@std/assert";
import { afterAll, afterEach, beforeAll, beforeEach, describe, it } from "@std/testing/bdd";

describe("assertions", () => {
  const holding: [name: string, run: () => void][] = [
    ["assert", () => assert(1)],
    [
      "assertEquals",
      () =>
        assertEquals({ a: [1, new Map([[1, new Set([NaN])]])] }, {
          a: [1, new Map([[1, new Set([NaN])]])],
        }),
    ],
    [
      "assertEquals, without a prototype",
      () => assertEquals({ __proto__: null, a: 1 } as object, { a: 1 }),
    ],
    ["assertNotEquals", () => assertNotEquals<unknown>({ a: 1 }, { a: "1" })],
    ["assertStrictEquals", () => assertStrictEquals("a", "a")],
    ["assertExists", () => assertExists(0)],
    ["assertInstanceOf", () => assertInstanceOf(new Date(), Date)],
    ["assertMatch", () => assertMatch("abc", /b/)],
    ["assertNotMatch", () => assertNotMatch("abc", /d/)],
    ["assertStringIncludes", () => assertStringIncludes("abc", "bc")],
    ["assertAlmostEquals", () => assertAlmostEquals(0.1 + 0.2, 0.3)],
    ["assertGreater", () => assertGreater(2, 1)],
    ["assertGreaterOrEqual", () => assertGreaterOrEqual(2, 2)],
    ["assertLess", () => assertLess(1, 2)],
    ["assertLessOrEqual", () => assertLessOrEqual(2, 2)],
  ];
  const failing: [name: string, run: () => void][] = [
    ["assert", () => assert(0, "message")],
    ["assertEquals", () => assertEquals({ a: 1 } as unknown, { a: 2 }, "message")],
    [
      "assertEquals, one key more",
      () => assertEquals<unknown>({ a: 1, b: undefined }, { a: 1 }, "message"),
    ],
    ["assertEquals, other class", () => assertEquals<unknown>(new Date(0), {}, "message")],
    ["assertNotEquals", () => assertNotEquals([1], [1], "message")],
    ["assertStrictEquals", () => assertStrictEquals({}, {}, "message")],
    ["assertExists", () => assertExists(null, "message")],
    ["assertInstanceOf", () => assertInstanceOf({}, Date, "message")],
    ["assertMatch", () => assertMatch("abc", /d/, "message")],
    ["assertNotMatch", () => assertNotMatch("abc", /b/, "message")],
    ["assertStringIncludes", () => assertStringIncludes("abc", "d", "message")],
    ["assertAlmostEquals", () => assertAlmostEquals(0.1, 0.2, 0.01, "message")],
    ["assertGreater", () => assertGreater(1, 1, "message")],
    ["assertGreaterOrEqual", () => assertGreaterOrEqual(1, 2, "message")],
    ["assertLess", () => assertLess(1, 1, "message")],
    ["assertLessOrEqual", () => assertLessOrEqual(2, 1, "message")],
    ["fail", () => fail("message")],
  ];

  for (const [name, run] of holding) it(`${name} passes what holds`, run);

  for (const [name, run] of failing) {
    it(`${name} throws, and says why`, () => {
      try {
        run();
      } catch (error) {
        assertEquals((error as Error).name, "AssertionError");
        assertStringIncludes((error as Error).message, "message");
        return;
      }
      throw new Error("nothing was thrown");
    });
  }

  it("assertThrows gives back what was thrown, if it is as expected", () => {
    const run = () => {
      throw new RangeError("too far");
    };
    assertEquals(assertThrows(run, RangeError, "far").message, "too far");
    assertThrows(run);
    assertThrows(() => assertThrows(run, TypeError));
    assertThrows(() => assertThrows(run, RangeError, "near"));
    assertThrows(() => assertThrows(() => {}));
  });

  it("assertRejects gives back what the promise was rejected with, if it is as expected", async () => {
    const run = () => Promise.reject(new RangeError("too far"));
    assertEquals((await assertRejects(run, RangeError, "far")).message, "too far");
    await assertRejects(run);
    await assertRejects(() => assertRejects(run, TypeError));
    await assertRejects(() => assertRejects(run, RangeError, "near"));
    await assertRejects(() => assertRejects(() => Promise.resolve()));
  });
});

describe("suites", () => {
  const log: string[] = [];
  const note = (word: string) => () => void log.push(word);

  describe("outer", () => {
    beforeAll(note("beforeAll"));
    afterAll(note("afterAll"));
    beforeEach(note("outer beforeEach"));
    afterEach(note("outer afterEach"));

    it("runs a case", note("first"));

    describe("inner", () => {
      beforeEach(async () => {
        await Promise.resolve();
        log.push("inner beforeEach");
      });
      afterEach(note("inner afterEach"));

      it("runs a case of its own", note("second"));
      it.ignore("skips what is ignored", note("ignored"));
    });
  });

  it("run hooks around each case, the outer ones outside", () => {
    assertEquals(log, [
      "beforeAll",
      "outer beforeEach",
      "first",
      "outer afterEach",
      "outer beforeEach",
      "inner beforeEach",
      "second",
      "inner afterEach",
      "outer afterEach",
      "afterAll",
    ]);
  });
});
