import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { taskArgs } from "./server.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What a compiled program holds. */
export interface Embedded {
  /** Files of this project, as paths from its folder. */
  files: string[];
  /** npm packages, by name. */
  packages: string[];
}

/**
 * Compiles the program as the task `compile` does and reads which files went into it. Deno's own executable stands in for
 * the runtime that would carry them, since that comes from a host of its own.
 */
export async function compileAndList(): Promise<Embedded> {
  const folder = await Deno.makeTempDir({ prefix: "ascribe-compile-" });
  try {
    const args = taskArgs("compile");
    args[args.indexOf("--output") + 1] = join(folder, "ascribe");
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [...args.slice(0, 1), "--no-check", ...args.slice(1)],
      cwd: ROOT,
      env: { DENORT_BIN: Deno.execPath(), NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
    }).output();
    const printed = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    if (!success) throw new Error(`Cannot compile:\n${printed}`);
    return readListing(printed);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Reads the tree that `deno compile` prints; a `*` stands for everything in a folder. */
function readListing(printed: string): Embedded {
  const embedded: Embedded = { files: [], packages: [] };
  const above: string[] = [];
  for (const line of printed.split("\n")) {
    const [, indent, name] = line.match(/^([│ ]*[├└]─[┬─] )(.+?)(?: \([^()]*\))?$/) ?? [];
    if (name === undefined) continue;
    above.length = indent.length / 2 - 2;
    above.push(name);
    const path = above.join("/");
    const inPackages = path.match(/^\.deno_compile_node_modules\/localhost\/((?:@[^/]+\/)?[^/]+)/);
    if (inPackages) embedded.packages.push(inPackages[1]);
    else if (path.endsWith("/*")) embedded.files.push(...filesBelow(path.slice(0, -2)));
    else if (!line.includes("─┬")) embedded.files.push(path);
  }
  embedded.packages = [...new Set(embedded.packages.filter((name) => !/^@[^/]+$/.test(name)))];
  return embedded;
}

/** Lists the files below a folder of this project, as paths from the project. */
export function filesBelow(folder: string): string[] {
  return [...Deno.readDirSync(join(ROOT, folder))].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesBelow(`${folder}/${name}`) : [`${folder}/${name}`]
  );
}

/**
 * Puts what a compiled program holds, and nothing else, into an empty folder: `app/` with the files and the two that
 * name its packages, `deno/` as the cache with these packages.
 */
export async function unpackInto(folder: string, { files, packages }: Embedded): Promise<void> {
  for (const file of files) {
    const target = join(folder, "app", file);
    await Deno.mkdir(dirname(target), { recursive: true });
    await Deno.copyFile(join(ROOT, file), target);
  }
  for (const [name, content] of Object.entries(manifestsFor(packages))) {
    await Deno.writeTextFile(join(folder, "app", name), JSON.stringify(content));
  }
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  const cache: string = JSON.parse(new TextDecoder().decode(stdout)).npmCache;
  for (const { name: registry } of Deno.readDirSync(cache)) {
    for (const name of packages) {
      const found = join(cache, registry, name);
      if (await isFolder(found)) {
        await copyFolder(found, join(folder, "deno", "npm", registry, name));
      }
    }
  }
}

/** The project's `deno.json` and `deno.lock` as if it had no packages but these, which a compiled program knows itself. */
function manifestsFor(packages: string[]): Record<string, unknown> {
  const read = (name: string) => JSON.parse(Deno.readTextFileSync(join(ROOT, name)));
  const keep = (table: Record<string, unknown>, holds: (key: string, value: unknown) => boolean) =>
    Object.fromEntries(Object.entries(table).filter(([key, value]) => holds(key, value)));
  const isOurs = (id: string) =>
    packages.includes(id.replace(/^npm:/, "").replace(/(.)@.*$/, "$1"));
  const config = read("deno.json");
  const lock = read("deno.lock");
  return {
    "deno.json": {
      ...config,
      imports: keep(
        config.imports,
        (_, target) => !String(target).startsWith("npm:") || isOurs(String(target)),
      ),
    },
    "deno.lock": {
      ...lock,
      specifiers: keep(lock.specifiers, isOurs),
      npm: keep(lock.npm, isOurs),
      workspace: { dependencies: lock.workspace.dependencies.filter(isOurs) },
    },
  };
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for (const { name, isDirectory } of Deno.readDirSync(from)) {
    if (isDirectory) await copyFolder(join(from, name), join(to, name));
    else await Deno.copyFile(join(from, name), join(to, name));
  }
}
