import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { manifestText } from "../../dev.ts";

const ROOT = new URL("../../", import.meta.url);

describe("the route manifest", () => {
  it("names every file under routes/ and islands/; `deno task build` writes it", async () => {
    const written = await Deno.readTextFile(new URL("jsr/fresh/manifest.gen.ts", ROOT));
    assertEquals(written, manifestText(ROOT));
  });
});
