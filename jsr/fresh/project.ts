import { getMimeType } from "hono/utils/mime";
import { existsSync } from "node:fs";

type Modules = Record<string, () => Promise<unknown>>;

/** An export of a file under `islands/`, and that file's path in the bundle. */
export interface Island {
  file: string;
  exportName: string;
}

export interface StaticFile {
  body: Uint8Array<ArrayBuffer>;
  type: string;
  etag: string;
}

export type Project = ReturnType<typeof makeProject>;

/**
 * What an app serves; nothing is read before it is asked for.
 *
 * @param modules The files under `routes/` and `islands/`, by their path there.
 * @param dirs.bundle Holds one folder, named for the islands' code that is in it.
 */
export function makeProject(
  modules: { routes: Modules; islands: Modules },
  dirs: { static: URL; bundle: URL },
) {
  const buildId = once(() =>
    existsSync(dirs.bundle) ? Deno.readDirSync(dirs.bundle).toArray()[0].name : ""
  );
  const islands = once(() => loadIslands(modules.islands));
  const files = once(async () =>
    new Map([
      ...await readFolder("/", dirs.static),
      ...await readFolder("/_fresh/js/", dirs.bundle),
    ])
  );
  return { routes: modules.routes, buildId, islands, files };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

async function loadIslands(modules: Modules): Promise<Map<unknown, Island>> {
  const islands = new Map<unknown, Island>();
  for (const [path, load] of Object.entries(modules)) {
    const file = path.replace(/\.[^.]+$/, ".js");
    for (const [exportName, value] of Object.entries(await load() as object)) {
      if (typeof value === "function") islands.set(value, { file, exportName });
    }
  }
  return islands;
}

async function readFolder(path: string, folder: URL): Promise<[path: string, file: StaticFile][]> {
  const entries = existsSync(folder) ? Deno.readDirSync(folder).toArray() : [];
  const found = await Promise.all(entries.map(async ({ name, isDirectory }) => {
    const at = new URL(encodeURIComponent(name), folder);
    if (isDirectory) return await readFolder(`${path}${name}/`, new URL(`${at}/`));
    const body = await Deno.readFile(at);
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", body)).toHex();
    const type = getMimeType(name) ?? "application/octet-stream";
    return [[path + name, { body, type, etag: `W/"${hash}"` }]] satisfies [string, StaticFile][];
  }));
  return found.flat();
}
