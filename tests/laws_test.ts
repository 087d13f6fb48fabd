import { describe, it } from "@std/testing/bdd";
import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { dirname, join, normalize } from "node:path";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
/** What runs at a user's: everything else is for those who work on it. */
const PROGRAM = ["main.ts", "define.ts", "lib", "sample", "routes", "islands", "components", "jsr"];
const TOOLS = ["dev.ts", "tests", "bench"];
/** Written by a tool, or not ours. */
const SKIPPED = /(^|\/)(_fresh|dist|node_modules|results|\.[^/]+)(\/|$)|\.gen\.ts$/;

interface Source {
  /** From the project's folder, with `/` everywhere. */
  path: string;
  text: string;
}

function filesBelow(path: string): string[] {
  if (SKIPPED.test(path)) return [];
  let entries: Deno.DirEntry[];
  try {
    if (!Deno.statSync(join(ROOT, path)).isDirectory) return [path];
    entries = [...Deno.readDirSync(join(ROOT, path))];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
  return entries.flatMap(({ name }) => filesBelow(path === "" ? name : `${path}/${name}`));
}

function sources(paths: string[]): Source[] {
  return paths.flatMap(filesBelow).filter((path) => /\.tsx?$/.test(path)).map((path) => ({
    path,
    text: Deno.readTextFileSync(join(ROOT, path)),
  }));
}

const program = sources(PROGRAM);
const everything = sources([...PROGRAM, ...TOOLS]);

/** What a module imports, types included: bare names as they are, relative ones from the project's folder. */
function importsOf({ path, text }: Source): string[] {
  // The sample's stories hold other people's programs as text.
  if (path.startsWith("sample/stories/")) return ["sample/story.ts"];
  const found = text.matchAll(
    /^(?:import|export)\b[^;]*?\bfrom "([^"]+)"|^import "([^"]+)"|\bimport\("([^"]+)"\)/gm,
  );
  return [...found].map(([, from, bare, dynamic]) => from ?? bare ?? dynamic).map((name) =>
    name.startsWith(".") ? normalize(join(dirname(path), name)).replaceAll("\\", "/") : name
  );
}

/** The files among `from` whose imports or text `law` finds fault with, with what it found. */
function broken(from: Source[], law: (source: Source) => string | null | undefined): string[] {
  return from.flatMap((source) => {
    const fault = law(source);
    return fault === null || fault === undefined ? [] : [`${source.path}: ${fault}`];
  });
}

function below(folder: string): Source[] {
  return program.filter(({ path }) => path.startsWith(`${folder}/`));
}

describe("the laws of the architecture", () => {
  it("has sources to look at", () => {
    assert(program.length > 100);
    assert(
      importsOf(program.find(({ path }) => path === "main.ts")!).includes("lib/cli/program.ts"),
    );
  });

  it("lib/ knows nothing of routes, islands, components and the framework", () => {
    const outside = /^(routes|islands|components|jsr)\/|^fresh\b|^main\.ts$|^define\.ts$/;
    assertEquals(
      broken(below("lib"), (it) => importsOf(it).find((name) => outside.test(name))),
      [],
    );
  });

  it("lib/links and lib/transcripts know no HTTP, SQL or process", () => {
    const pure = [...below("lib/links"), ...below("lib/transcripts")];
    const imports =
      /^lib\/(store|http|sync|cli|client)\/|^lib\/git\/runner\.ts$|^node:(sqlite|http|child_process|net)/;
    const text =
      /\bDeno\.(Command|serve|env|listen|connect)\b|\bfetch\(|\bnew (Request|Response)\(/;
    assertEquals(broken(pure, (it) => importsOf(it).find((name) => imports.test(name))), []);
    assertEquals(broken(pure, (it) => it.text.match(text)?.[0]), []);
  });

  it("SQL is in lib/store, and where an agent's own database is read, read-only", () => {
    const agents = ["lib/sessions/opencode/database.ts"];
    const sql =
      /["'`]\s*(SELECT\s|INSERT\s+(OR\s|INTO\s)|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|CREATE\s+(TABLE|INDEX)|PRAGMA\s)/;
    const outside = program.filter(({ path }) =>
      !path.startsWith("lib/store/") && !agents.includes(path)
    );
    assertEquals(broken(outside, (it) => it.text.match(sql)?.[0]), []);
    const opening = program.filter((it) => importsOf(it).includes("node:sqlite"));
    assertEquals(opening.map(({ path }) => path), [...agents, "lib/store/database.ts"]);
    for (const { text } of opening.filter(({ path }) => agents.includes(path))) {
      assertEquals(text.match(/new DatabaseSync\([^)]*\)/g)?.length, 1);
      assert(/new DatabaseSync\(\w+, \{ readOnly: true\b/.test(text));
      assert(!/\b(?:INSERT|UPDATE|DELETE|PRAGMA|ATTACH)\s+[A-Z"\w]/.test(text));
    }
  });

  it("lib/git/run/runner.ts alone starts processes", () => {
    const spawns = /\bDeno\.(Command|run|spawn)\b|node:child_process/;
    const others = program.filter(({ path }) => path !== "lib/git/run/runner.ts");
    assertEquals(broken(others, (it) => it.text.match(spawns)?.[0]), []);
  });

  it("lib/config.ts alone reads the environment", () => {
    const others = program.filter(({ path }) => path !== "lib/config.ts");
    assertEquals(broken(others, (it) => it.text.match(/\bDeno\.env\b|\bprocess\.env\b/)?.[0]), []);
  });

  it("every file has fewer than 300 lines", () => {
    assertEquals(
      broken(everything, ({ text }) => {
        const lines = text.split("\n").length - 1;
        return lines < 300 ? null : `${lines} lines`;
      }),
      [],
    );
  });

  it("files are named for what they hold: snake_case, and PascalCase for components and islands", () => {
    const named = everything.filter(({ path }) => !/(^|\/)routes\//.test(path));
    assertEquals(
      broken(named, ({ path }) => {
        const name = path.split("/").at(-1)!;
        const wanted = /(^|\/)(components|islands)\//.test(path)
          ? /^[A-Z][A-Za-z0-9]*\.tsx?$/
          : /^[a-z0-9]+(_[a-z0-9]+)*(\.\w+)?\.tsx?$/;
        return wanted.test(name) ? null : "is named otherwise";
      }),
      [],
    );
  });

  it("the program imports what deno.json lists for it, and nothing else", () => {
    const { imports } = JSON.parse(Deno.readTextFileSync(join(ROOT, "deno.json")));
    const forTests = /^(playwright-core|@sparticuz\/chromium|axe-core|fast-check|@std\/)/;
    const known = (name: string) =>
      Object.keys(imports).some((key) => name === key || name.startsWith(`${key}/`));
    const fault = (allowTests: boolean) => (it: Source) =>
      importsOf(it).find((name) =>
        /^[@a-z][^/]*(\/|$)/i.test(name) &&
        !/^(lib|routes|islands|components|jsr|tests|bench|main\.ts|define\.ts|dev\.ts|deno\.json)/
          .test(name) &&
        !name.startsWith("node:") && (!known(name) || (!allowTests && forTests.test(name)))
      );
    assertEquals(broken(program, fault(false)), []);
    assertEquals(broken(everything, fault(true)), []);
  });

  it("no file names a package registry's host, and dependencies come from deno.lock alone", () => {
    const hosts = new RegExp(
      ["registry\\.npmjs", "jsr\\.io", "deno\\.land", "esm\\.sh", "unpkg\\.com"].join("|"),
    );
    const texts = filesBelow("").filter((path) => /\.(tsx?|json|md|css|lock|svg|html)$/.test(path));
    const named = texts.filter((path) => path !== "tests/laws_test.ts")
      .map((path) => ({ path, text: Deno.readTextFileSync(join(ROOT, path)) }));
    assertEquals(broken(named, ({ text }) => text.match(hosts)?.[0]), []);
    assertEquals(filesBelow("").filter((path) => /(^|\/)package(-lock)?\.json$/.test(path)), []);
  });
});
