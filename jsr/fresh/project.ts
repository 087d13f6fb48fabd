import type { ComponentType } from "preact";
import { islands, routes } from "./manifest.gen.ts";

type Load = () => Promise<unknown>;

/** Where a project's parts are; what is in the folders is read on the first request. */
export interface Project {
  /** By path below `routes/`. */
  routes: Record<string, Load>;
  /** By path below `islands/`. */
  islands: Record<string, Load>;
  /** The folder of files served as they are. */
  staticDir: URL;
  /** The folder that the build wrote. */
  outDir: URL;
}

/** This project. */
export const project: Project = {
  routes,
  islands,
  staticDir: new URL("../../static/", import.meta.url),
  outDir: new URL("../../_fresh/", import.meta.url),
};

/** What the build left in `build.json`. */
export interface Build {
  /** Changes whenever a file does that a browser may keep. */
  id: string;
  mode: "development" | "production";
}

/** An island as pages name it. */
export interface Island {
  name: string;
  exportName: string;
}

const builds = new WeakMap<Project, Build>();
const registries = new WeakMap<Project, Promise<Map<unknown, Island>>>();

/** Reads what the build left, once. */
export function buildOf(project: Project): Build {
  let build = builds.get(project);
  if (build === undefined) {
    build = JSON.parse(Deno.readTextFileSync(new URL("build.json", project.outDir))) as Build;
    builds.set(project, build);
  }
  return build;
}

/** Finds every component that the files under `islands/` export. */
export function islandsOf(project: Project): Promise<Map<unknown, Island>> {
  let registry = registries.get(project);
  if (registry === undefined) registries.set(project, registry = loadIslands(project));
  return registry;
}

async function loadIslands(project: Project): Promise<Map<unknown, Island>> {
  const registry = new Map<unknown, Island>();
  for (const [path, load] of Object.entries(project.islands)) {
    const name = path.replace(/\.[^.]+$/, "");
    for (
      const [exportName, value] of Object.entries(await load() as Record<string, ComponentType>)
    ) {
      if (typeof value === "function") registry.set(value, { name, exportName });
    }
  }
  return registry;
}
