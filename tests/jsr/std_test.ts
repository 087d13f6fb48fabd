import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
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
    ["assertMatch", () => assertMatch("abc", /b/)],
    ["assertStringIncludes", () => assertStringIncludes("abc", "bc")],
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
    ["assertMatch", () => assertMatch("abc", /d/, "message")],
    ["assertStringIncludes", () => assertStringIncludes("abc", "d", "message")],
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
