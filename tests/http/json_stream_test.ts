import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { fc } from "../support/harness.ts";
import { jsonPieces, streamJson } from "../../lib/http/json_stream.ts";

describe("a value in pieces", () => {
  it("is what JSON.stringify makes of it", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => {
      assertEquals([...jsonPieces(value)].join(""), JSON.stringify(value));
    }));
    assertEquals([...jsonPieces({ a: undefined, b: {} })].join(""), '{"b":{}}');
  });

  it("is answered whole, however long its lists are", async () => {
    const value = { hashes: Array.from({ length: 9_001 }, (_, n) => `h${n}`), none: [], to: 7 };
    assert([...jsonPieces(value)].length > 5);
    const response = streamJson(value);
    assertEquals(response.headers.get("content-type"), "application/json");
    assertEquals(await response.json(), value);
  });
});
