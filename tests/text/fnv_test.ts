import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { FNV_START, hashBytes, hashText, mixFnv } from "../../lib/text/fnv.ts";

describe("FNV-1a", () => {
  it("gives the published hashes", () => {
    const hashes: Record<string, number> = { "": 0x811c9dc5, a: 0xe40c292c, foobar: 0xbf9cf968 };
    for (const [text, hash] of Object.entries(hashes)) {
      assertEquals(hashText(text), hash);
      assertEquals(hashBytes(new TextEncoder().encode(text)), hash);
    }
  });

  it("is the same in parts", () => {
    assertEquals(hashText("bar", hashText("foo")), hashText("foobar"));
    assertEquals(mixFnv(FNV_START, "a".charCodeAt(0)) >>> 0, hashText("a"));
  });
});
