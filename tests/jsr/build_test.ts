import { assertStringIncludes } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startServer } from "../support/server.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PROGRAM = ["components", "islands", "jsr", "lib", "routes", "sample", "static"];
const FILES = ["define.ts", "deno.json", "deno.lock", "main.ts"];

/** Fresh's own names, and its order of arguments; they say what they were given. */
const INTERNAL = `export class ProdBuildCache {
  constructor(readonly root: string, readonly snapshot: { version: string }) {}
}
export function setBuildCache(_app: unknown, { root, snapshot }: ProdBuildCache, mode: string) {
  console.log(\`applied \${snapshot.version} in \${root} for \${mode}\`);
}`;

describe("the program under Fresh", () => {
  it("serves the last build, without which Fresh answers 404 everywhere", async () => {
    const folder = await Deno.makeTempDir({ prefix: "ascribe-fresh-" });
    try {
      for (const path of PROGRAM) await copy(join(ROOT, path), join(folder, path));
      for (const path of FILES) await Deno.copyFile(join(ROOT, path), join(folder, path));
      const config = JSON.parse(await Deno.readTextFile(join(folder, "deno.json")));
      config.imports["fresh/internal"] = "./internal.ts";
      await Deno.writeTextFile(join(folder, "deno.json"), JSON.stringify(config));
      await Deno.writeTextFile(join(folder, "internal.ts"), INTERNAL);
      await Deno.mkdir(join(folder, "_fresh"));
      await Deno.writeTextFile(join(folder, "_fresh/snapshot.js"), 'export const version = "v1";');
      await using server = await startServer({ from: folder });
      assertStringIncludes(server.output(), `applied v1 in ${folder} for production`);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
});

async function copy(from: string, to: string): Promise<void> {
  await Deno.mkdir(to);
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    await (isDirectory ? copy(source, target) : Deno.copyFile(source, target));
  }
}
