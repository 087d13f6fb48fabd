import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { filesBelow } from "../support/compiled.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const FOLDERS = ["lib", "routes", "components", "islands"];

/** What a module's code imports as soon as it is loaded: no types, and nothing that it loads later. */
function loadedBy(path: string): string[] {
  const text = Deno.readTextFileSync(join(ROOT, path));
  const imports = text.matchAll(
    /^(?:import|export)\s+(?!type\b)([^;]*?)\bfrom "([^"]+)"|^import "([^"]+)"/gm,
  );
  return [...imports].filter(([, names]) => !/^\{(\s*type [^,}]+,?)+\s*\}\s*$/.test(names ?? ""))
    .map(([, , from, bare]) => from ?? bare)
    .map((name) => name.startsWith(".") ? normalize(join(dirname(path), name)) : name);
}

function modulesIn(folders: string[]): string[] {
  return folders.flatMap((folder) => filesBelow(folder)).filter((path) => /\.tsx?$/.test(path));
}

describe("pages, API and commands", () => {
  it("ask for nothing that is not in the list", () => {
    const files = modulesIn(["routes", "components", "islands", "lib/http", "lib/cli"]);
    assert(files.length > 100);
    // What opens the list's reads, and what the list throws.
    const allowed = ["lib/store/read/sqlite_reads.ts", "lib/store/read/page.ts"];
    const besides = files.flatMap((path) =>
      loadedBy(path).filter((it) => it.startsWith("lib/store/read/") && !allowed.includes(it))
        .map((it) => `${path} imports ${it}`)
    );
    assertEquals(besides, []);
  });
});

describe("schemas", () => {
  it("are loaded by nothing that a page, a command or an island begins with", () => {
    const files = modulesIn(FOLDERS);
    assert(files.length > 200);
    // Whoever needs their values imports them when it does: all that loads them belongs to them.
    const loading = new Set(["zod"]);
    for (let size = 0; size !== loading.size;) {
      size = loading.size;
      for (const path of files) if (loadedBy(path).some((it) => loading.has(it))) loading.add(path);
    }
    loading.delete("zod");
    assertEquals([...loading].sort(), [
      "lib/http/openapi.ts",
      "lib/queries/schemas.ts",
      "lib/store/shapes.ts",
    ]);
  });
});
