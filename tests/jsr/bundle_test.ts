import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { pathToFileURL } from "node:url";
import { bundle } from "../../dev.ts";

describe("the islands' bundle", () => {
  let root: URL;
  let outDir: URL;
  const write = (text: string) =>
    Deno.writeTextFileSync(new URL("islands/Greeting.ts", root), text);
  const bundles = () => [...Deno.readDirSync(new URL("js/", outDir))].map(({ name }) => name);

  beforeEach(() => {
    root = pathToFileURL(`${Deno.makeTempDirSync({ prefix: "ascribe-bundle-" })}/`);
    outDir = new URL("out/", root);
    Deno.mkdirSync(new URL("islands/", root));
    write("export default () => 'hello';\n");
  });

  afterEach(() => Deno.removeSync(root, { recursive: true }));

  it("is made once of the same sources, also by builds that run at once", async () => {
    const made = await Promise.all([bundle(root, outDir), bundle(root, outDir)]);
    assertEquals(made.toSorted(), [false, true]);
    assertEquals(await bundle(root, outDir), false);
  });

  it("has another name when it holds something else, and leaves nothing of the one before", async () => {
    await bundle(root, outDir);
    const [before] = bundles();
    write("export default () => 'good morning';\n");
    assert(await bundle(root, outDir));
    const after = bundles();
    assertEquals(after.length, 1);
    assertNotEquals(after[0], before);
  });

  it("stays as it was when an island has a mistake", async () => {
    await bundle(root, outDir);
    const before = bundles();
    write("export default () => {\n");
    await assertRejects(() => bundle(root, outDir), Error, "Cannot bundle the islands");
    assertEquals(bundles(), before);
  });
});
