import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { Lru, VersionedLru } from "../../lib/text/lru.ts";

describe("the least recently used values", () => {
  it("are forgotten when there are too many", () => {
    const lru = new Lru<string, number>({ entries: 2 });
    lru.set("a", 1);
    lru.set("b", 2);
    assertEquals(lru.get("a"), 1);
    lru.set("c", 3);
    assertEquals(["a", "b", "c"].map((key) => lru.peek(key)), [1, undefined, 3]);
    lru.peek("a");
    lru.set("d", 4);
    assertEquals(["a", "c", "d"].map((key) => lru.peek(key)), [undefined, 3, 4]);
  });

  it("are forgotten when they weigh too much together", () => {
    const lru = new Lru<string, string>({ weight: 10 });
    lru.set("a", "a", 4);
    lru.set("b", "b", 4);
    lru.set("a", "longer", 6);
    assertEquals([lru.peek("a"), lru.peek("b")], ["longer", "b"]);
    lru.set("c", "c", 1);
    assertEquals([lru.peek("a"), lru.peek("b"), lru.peek("c")], ["longer", undefined, "c"]);
    lru.set("d", "larger than all that may be kept", 11);
    assertEquals([lru.peek("a"), lru.peek("c"), lru.peek("d")], ["longer", "c", undefined]);
    lru.delete("a");
    lru.set("e", "e", 9);
    assertEquals([lru.peek("c"), lru.peek("e")], ["c", "e"]);
    lru.clear({ weight: 9 });
    assertEquals([lru.peek("c"), lru.peek("e")], [undefined, "e"]);
    lru.clear();
    assertEquals(lru.peek("e"), undefined);
  });

  it("are computed once for each version", () => {
    let computed = 0;
    const lru = new VersionedLru<number>({ weight: 3 });
    const get = (key: string, version: string) =>
      lru.get({ key, version }, () => ++computed, () => 2);
    assertEquals([get("a", "1"), get("a", "1"), get("a", "2"), get("a", "2")], [1, 1, 2, 2]);
    assertEquals([get("b", "1"), get("a", "2")], [3, 4]);
    lru.trim(1);
    assertEquals(get("a", "2"), 5);
  });
});
