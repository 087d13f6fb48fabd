import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { ownAddresses, readOwnAddresses } from "../../lib/git/scan/mailmap.ts";

const MAP = `# people
Ada <ada@work.example> <ada@home.example>
Ada <ada@work.example> Ada L. <root@localhost>
Eve <eve@work.example> <eve@home.example>
Just A Name <name@work.example>
<<broken> <
`;

describe("the addresses that a .mailmap names", () => {
  it("are those of one person, whichever of them is asked for", () => {
    const others = ["root@localhost\tada l."];
    assertEquals(ownAddresses(MAP, "Ada@Work.example"), ["ada@home.example", ...others]);
    assertEquals(ownAddresses(MAP, "ada@home.example"), ["ada@work.example", ...others]);
    assertEquals(ownAddresses(MAP, "name@work.example"), []);
    assertEquals(ownAddresses(MAP, "root@localhost"), []);
  });

  it("are read from an ordinary file of ordinary size alone", async () => {
    const folder = await Deno.makeTempDir({ prefix: "ascribe-mailmap-" });
    try {
      const read = () => readOwnAddresses(folder, "ada@work.example");
      assertEquals(await read(), []);
      await Deno.writeTextFile(`${folder}/other`, MAP);
      await Deno.symlink(`${folder}/other`, `${folder}/.mailmap`);
      assertEquals(await read(), []);
      await Deno.remove(`${folder}/.mailmap`);
      await Deno.writeTextFile(`${folder}/.mailmap`, MAP);
      assertEquals((await read()).length, 2);
      await Deno.writeTextFile(`${folder}/.mailmap`, MAP.padEnd(300_000, "#"));
      assertEquals(await read(), []);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
});
