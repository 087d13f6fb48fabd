import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compileAndList, type Embedded, filesBelow, unpackInto } from "./support/compiled.ts";
import { type RunningServer, startServer, taskArgs } from "./support/server.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

describe("the compiled program", () => {
  let embedded: Embedded;
  let folder: string;

  beforeAll(async () => {
    const build = new Deno.Command(Deno.execPath(), { args: taskArgs("build"), cwd: ROOT });
    assert((await build.output()).success, "the build failed");
    embedded = await compileAndList();
    folder = await Deno.makeTempDir({ prefix: "ascribe-compiled-" });
  });

  afterAll(async () => {
    await Deno.remove(folder, { recursive: true });
  });

  const missing = (wanted: string[]) => wanted.filter((file) => !embedded.files.includes(file));

  it("holds every route, island, static file and chunk of the bundle", () => {
    for (const folder of ["routes", "islands", "static"]) {
      assertEquals(missing(filesBelow(folder)), []);
    }
    const chunks = filesBelow("_fresh").filter((path) => /\/js\/.+\.js$/.test(path));
    assert(chunks.length > 0);
    assertEquals(missing(chunks), []);
  });

  it("holds whatever its own files open by a path from theirs, the worker among it", () => {
    const opened = embedded.files.filter((file) => file.endsWith(".ts")).flatMap((file) => {
      const text = Deno.readTextFileSync(join(ROOT, file));
      const paths = [...text.matchAll(/new URL\(\s*"([^"]+)",\s*import\.meta\.url,?\s*\)/g)];
      return paths.map(([, path]) => join(dirname(file), path).replaceAll("\\", "/"));
    });
    assert(opened.includes("lib/sync/worker/worker.ts"));
    const isThere = (path: string) =>
      embedded.files.some((file) =>
        file === path || file.startsWith(path.endsWith("/") ? path : `${path}/`)
      );
    assertEquals(opened.filter((path) => !isThere(path)), []);
  });

  it("holds nothing that only development needs", () => {
    const needless = embedded.files.filter((file) =>
      /^(tests|bench|dist|jsr\/std)\/|^dev\.ts$/.test(file)
    );
    assertEquals(needless, []);
    const packages = packagesFor([
      "@sparticuz/chromium",
      "axe-core",
      "fast-check",
      "playwright-core",
    ]);
    assertEquals(embedded.packages.filter((name) => !packages.has(name)), []);
  });

  it("serves, and syncs in its worker, from these files alone", async () => {
    await unpackInto(folder, embedded);
    await using server = await startServer({
      from: join(folder, "app"),
      flags: ["--cached-only", `--deny-read=${ROOT}`],
      env: { DENO_DIR: join(folder, "deno") },
    });
    const page = await get(server, "/");
    assertStringIncludes(page, "<title>");
    const [chunk] = page.match(/\/_fresh\/js\/[^"]+/) ?? [];
    assertMatch(await get(server, chunk!), /import|export/);
    for (const file of filesBelow("static")) await get(server, file.slice("static".length));
    await syncOnce(server);
  });
});

async function get({ url }: RunningServer, path: string): Promise<string> {
  const response = await fetch(url + path);
  const text = await response.text();
  assertEquals([path, response.status], [path, 200]);
  return text;
}

/** Asks for a sync and follows it to its end. */
async function syncOnce({ url }: RunningServer): Promise<void> {
  const started = await fetch(`${url}/api/sync/git`, { method: "POST", headers: { origin: url } });
  assertEquals([started.status, (await started.json()).status], [202, "accepted"]);
  const progress = await fetch(`${url}/api/sync/git/progress`, {
    signal: AbortSignal.timeout(30_000),
  });
  assertStringIncludes(await progress.text(), "event: done");
}

/** The packages that `deno.json` names and what they need, as `deno.lock` has it; without those of `development`. */
function packagesFor(development: string[]): Set<string> {
  const read = (name: string) => JSON.parse(Deno.readTextFileSync(join(ROOT, name)));
  const nameOf = (id: string) => id.replace(/^npm:/, "").replace(/(.)@.*$/, "$1");
  const needs = new Map<string, string[]>();
  for (
    const [id, { dependencies = [] }] of Object.entries<{ dependencies?: string[] }>(
      read("deno.lock").npm,
    )
  ) {
    needs.set(nameOf(id), dependencies.map(nameOf));
  }
  const imports = Object.values<string>(read("deno.json").imports).filter((target) =>
    target.startsWith("npm:")
  );
  const found = new Set(imports.map(nameOf).filter((name) => !development.includes(name)));
  for (const name of found) needs.get(name)?.forEach((needed) => found.add(needed));
  return found;
}
