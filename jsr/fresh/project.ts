import { islands, routes } from "./manifest.gen.ts";

/** Where a project's parts are; files are read by the first request that needs them. */
export interface Project {
  /** Modules by their path below `routes/`. */
  routes: Record<string, () => Promise<unknown>>;
  /** Modules by their path below `islands/`. */
  islands: Record<string, () => Promise<unknown>>;
  /** Files served as they are. */
  staticDir: URL;
  /** The islands' code: one folder, named for what it holds. */
  bundleDir: URL;
}

/** This project. */
export const project: Project = {
  routes,
  islands,
  staticDir: new URL("../../static/", import.meta.url),
  bundleDir: new URL("../../_fresh/js/", import.meta.url),
};

/** Calls `make` once a project, whenever the first asks. */
export function oncePerProject<T>(make: (project: Project) => T): (project: Project) => T {
  const made = new WeakMap<Project, T>();
  return (project) => {
    if (!made.has(project)) made.set(project, make(project));
    return made.get(project)!;
  };
}

/** The name of the bundle, which changes with what is in it; `unbuilt` where there is none. */
export const buildId = oncePerProject(({ bundleDir }) => {
  try {
    return [...Deno.readDirSync(bundleDir)][0].name;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "unbuilt";
    throw error;
  }
});
