import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { manifestText } from "../../dev.ts";

const ROOT = new URL("../../", import.meta.url);

describe("the route manifest", () => {
  it("names every file under routes/ and islands/; `deno task build` writes it", async () => {
    const written = await Deno.readTextFile(new URL("jsr/fresh/manifest.gen.ts", ROOT));
    assertEquals(written, manifestText(ROOT));
  });
});

describe("the stand-ins", () => {
  it("stay thin", () => {
    const countLines = (folder: URL): number =>
      [...Deno.readDirSync(folder)].reduce((lines, { name, isDirectory }) => {
        if (isDirectory) return lines + countLines(new URL(`${name}/`, folder));
        if (name.endsWith(".gen.ts")) return lines;
        return lines + Deno.readTextFileSync(new URL(name, folder)).split("\n").length - 1;
      }, 0);
    const lines = countLines(new URL("jsr/", ROOT));
    assert(lines < 600, `the stand-ins have ${lines} lines`);
  });
});
