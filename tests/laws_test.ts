import { describe, it } from "@std/testing/bdd";
import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { dirname, join, normalize } from "node:path";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
/** What runs at a user's: everything else is for those who work on it. */
const PROGRAM = ["main.ts", "define.ts", "lib", "routes", "islands", "components", "sample", "jsr"];
const TOOLS = ["dev.ts", "tests", "bench"];
/** Written by a tool, or not ours. */
const SKIPPED = /(^|\/)(_fresh|dist|node_modules|results|\.[^/]+)(\/|$)|\.gen\.ts$/;

/** From top to bottom: a folder may import what is in layers below its own, and none of its siblings. */
const LAYERS: readonly (readonly string[])[] = [
  ["routes", "islands", "lib/cli"],
  ["lib/mcp"],
  ["components", "lib/http"],
  ["lib/queries", "lib/export", "lib/team"],
  ["lib/sync"],
  ["lib/store", "lib/links", "lib/git", "lib/sessions"],
  ["lib/shell"],
  ["lib/fs"],
  ["lib/text"],
  ["lib/domain", "lib/time", "lib/async", "lib/secrets", "lib/highlight"],
];
/** Folders and files with a rule of their own, and all that they may import of this project. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  routes: [...below("routes"), "islands", "lib/client", "define.ts"],
  islands: [...below("islands"), "lib/client"],
  components: [...below("components"), "lib/client"],
  "lib/cli": [...below("lib/cli"), "lib/config.ts", "sample"],
  "lib/client": ["lib/domain", "lib/text", "lib/time"],
  "lib/config.ts": below("lib/cli"),
  "define.ts": below("routes"),
  jsr: [],
  ...Object.fromEntries(
    ["main.ts", "dev.ts", "sample", "tests", "bench"].map((all) => [all, [""]]),
  ),
};
/** Folders that are alike and know nothing of each other. */
const ALIKE = [
  /^lib\/sessions\/(?!jsonl\/|gemini_base\/)[a-z_]+(?=\/)/,
  /^lib\/links\/rules\/[a-z_]+(?=\.ts)/,
];

interface Source {
  /** From the project's folder, with `/` everywhere. */
  path: string;
  text: string;
}

/** An import of one of the project's files by another. */
interface Import {
  from: string;
  to: string;
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
const everything = [...program, ...sources(TOOLS)];
const known = new Set(everything.map(({ path }) => path));
const imports = new Map(everything.map((source) => [source.path, importsOf(source)]));
const atOnce = new Map(everything.map((source) => [source.path, importsOf(source, false)]));

/** What a module imports, types included: bare names as they are, relative ones from the project's folder. */
function importsOf({ path, text }: Source, alsoLater = true): string[] {
  // The sample's stories hold other people's programs as text.
  if (/(^|\/)stories\//.test(path)) return [];
  const found = text.matchAll(
    /^(?:import|export)\b[^;]*?\bfrom "([^"$]+)"|^import "([^"$]+)"|\bimport\("([^"$]+)"\)/gm,
  );
  const names = [...found].map(([, from, bare, later]) => from ?? bare ?? (alsoLater ? later : ""));
  return names.filter((name) => name !== "").map((name) =>
    name.startsWith(".") ? normalize(join(dirname(path), name)).replaceAll("\\", "/") : name
  );
}

/** The folders in layers below the one that a folder is in. */
function below(folder: string): string[] {
  const layer = LAYERS.findIndex((folders) => folders.includes(folder));
  return LAYERS.slice(layer + 1).flat();
}

/** The folder or file of {@linkcode LAYERS} or {@linkcode MAY_IMPORT} that a path belongs to. */
function partOf(path: string): string | undefined {
  return [...LAYERS.flat(), ...Object.keys(MAY_IMPORT)].find((part) => isIn(path, part));
}

function isIn(path: string, part: string): boolean {
  return part === "" || path === part || path.startsWith(`${part}/`);
}

/** The imports by program and tools of one another's files. */
function ownImports(): Import[] {
  return [...imports].flatMap(([from, names]) =>
    names.filter((name) => known.has(name)).map((to) => ({ from, to }))
  );
}

/** What is wrong with an import, or null. */
function faultOf({ from, to }: Import): string | null {
  const part = partOf(from);
  const target = partOf(to);
  if (part === undefined) return `${from} is in no layer`;
  if (target === undefined) return `${from} imports ${to}, which is in no layer`;
  for (const alike of ALIKE) {
    const [one, other] = [alike.exec(from)?.[0], alike.exec(to)?.[0]];
    if (one && other && one !== other) return `${from} imports ${to}, which is its sibling`;
  }
  const allowed = [part, ...MAY_IMPORT[part] ?? below(part)];
  return allowed.some((it) => isIn(to, it)) ? null : `${from} imports ${to}`;
}

/** Imports that lead in a circle, each circle as its files in order; what is loaded later, by `import()`, closes none. */
function cycles(): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (path: string) => {
    const at = trail.indexOf(path);
    if (at >= 0) found.push([...trail.slice(at), path].join(" → "));
    if (at >= 0 || done.has(path)) return;
    trail.push(path);
    for (const next of atOnce.get(path)!) if (known.has(next)) visit(next);
    trail.pop();
    done.add(path);
  };
  for (const path of imports.keys()) visit(path);
  return found;
}

/** The files among `from` whose imports or text `law` finds fault with, with what it found. */
function broken(from: Source[], law: (source: Source) => string | null | undefined): string[] {
  return from.flatMap((source) => {
    const fault = law(source);
    return fault === null || fault === undefined ? [] : [`${source.path}: ${fault}`];
  });
}

function within(...folders: string[]): Source[] {
  return program.filter(({ path }) => folders.some((folder) => isIn(path, folder)));
}

describe("the laws of the architecture", () => {
  it("has sources to look at, and finds their imports", () => {
    assert(program.length > 100);
    assert(imports.get("main.ts")!.includes("lib/cli/program.ts"));
    assertEquals(
      faultOf({ from: "lib/git/a.ts", to: "lib/links/b.ts" }),
      "lib/git/a.ts imports lib/links/b.ts",
    );
    assertEquals(faultOf({ from: "lib/sync/a.ts", to: "lib/links/b.ts" }), null);
    assert(faultOf({ from: "lib/sessions/pi/a.ts", to: "lib/sessions/qwen/a.ts" }) !== null);
  });

  it("imports go down the layers: never up, nor to a sibling", () => {
    const faults = ownImports().map(faultOf).filter((fault) => fault !== null);
    assertEquals([...new Set(faults)], []);
  });

  it("no imports lead in a circle", () => {
    assertEquals(cycles(), []);
  });

  it("lib/ knows nothing of the framework", () => {
    assertEquals(
      broken(within("lib"), ({ path }) => imports.get(path)!.find((it) => /^fresh\b/.test(it))),
      [],
    );
  });

  it("links, sessions and the parser of shell commands know no HTTP and no process", () => {
    const pure = within("lib/links", "lib/sessions", "lib/shell");
    const modules = /^node:(http|child_process|net)/;
    const text =
      /\bDeno\.(Command|serve|env|listen|connect)\b|\bfetch\(|\bnew (Request|Response)\(/;
    assertEquals(broken(pure, ({ path }) => imports.get(path)!.find((it) => modules.test(it))), []);
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
    const opening = program.filter(({ path }) => imports.get(path)!.includes("node:sqlite"));
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

  it("files are named for what they hold: snake_case, and PascalCase for components and islands", () => {
    const named = everything.filter(({ path }) => !/(^|\/)routes\//.test(path));
    assertEquals(
      broken(named, ({ path }) => {
        const name = path.split("/").at(-1)!;
        const wanted = /(^|\/)(components|islands)\/.*x$/.test(path)
          ? /^[A-Z][A-Za-z0-9]*\.tsx?$/
          : /^[a-z0-9]+(_[a-z0-9]+)*(\.\w+)?\.tsx?$/;
        return wanted.test(name) ? null : "is named otherwise";
      }),
      [],
    );
  });

  it("the program imports what deno.json lists for it, and nothing else", () => {
    const { imports: listed } = JSON.parse(Deno.readTextFileSync(join(ROOT, "deno.json")));
    const forTests = /^(playwright-core|@sparticuz\/chromium|axe-core|fast-check|@std\/)/;
    const isListed = (name: string) =>
      Object.keys(listed).some((key) => name === key || name.startsWith(`${key}/`));
    const isOwn = (name: string) =>
      name === "deno.json" || [...PROGRAM, ...TOOLS].some((part) => isIn(name, part));
    const fault = (allowTests: boolean) => ({ path }: Source) =>
      imports.get(path)!.find((name) =>
        !isOwn(name) && !name.startsWith("node:") &&
        (!isListed(name) || (!allowTests && forTests.test(name)))
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
