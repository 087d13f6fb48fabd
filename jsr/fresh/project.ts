// deno-lint-ignore no-explicit-any
type Modules = Record<string, () => Promise<any>>;

/** An export of a file under `islands/`, and that file's path in the bundle. */
export type Island = { file: string; exportName: string };

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
  const listBundle = async () => await Array.fromAsync(Deno.readDir(dirs.bundle));
  const buildId = once(() => listBundle().then(([it]) => it?.name ?? "", () => ""));
  const islands = once(() => loadIslands(modules.islands));
  return { routes: modules.routes, dirs, buildId, islands };
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

async function loadIslands(modules: Modules): Promise<Map<unknown, Island>> {
  const islands = new Map<unknown, Island>();
  for (const [path, load] of Object.entries(modules)) {
    const file = path.replace(/\.[^.]+$/, ".js");
    for (const [exportName, value] of Object.entries(await load())) {
      if (typeof value === "function") islands.set(value, { file, exportName });
    }
  }
  return islands;
}
