import { fileURLToPath, pathToFileURL } from "node:url";
import type { App } from "fresh";

const PROJECT = new URL("../../", import.meta.url);
const IS_STAND_IN = import.meta.resolve("fresh").endsWith("/jsr/fresh/mod.ts");

/**
 * Makes the files of a project known to an app, as a build does: under Fresh, `fsRoutes()` finds none by itself.
 *
 * @param root The folder of `routes/`, `islands/` and `static/`. @default {PROJECT}
 * @returns The app.
 */
export async function withFileRoutes<A>(app: A, root: URL = PROJECT): Promise<A> {
  if (IS_STAND_IN) {
    await applyOwnBuild(app as App<never>, root);
  } else {
    const name = "fresh/dev";
    const { Builder } = await import(name);
    const outDir = makeBuildDir();
    const apply = await new Builder({ root: fileURLToPath(root), outDir }).build({
      snapshot: "memory",
    });
    apply(app);
  }
  return app;
}

async function applyOwnBuild(app: App<never>, root: URL): Promise<void> {
  const { bundle, modulesOf } = await import("../../dev.ts");
  if (root.href === PROJECT.href) {
    await bundle(PROJECT, new URL("_fresh/", PROJECT));
    return;
  }
  const outDir = pathToFileURL(`${makeBuildDir()}/`);
  await bundle(root, outDir);
  const modules = modulesOf(root);
  const table = (folder: "routes" | "islands") =>
    Object.fromEntries(
      modules[folder].map((path) => [path, () => import(new URL(`${folder}/${path}`, root).href)]),
    );
  const { App } = await import("../../jsr/fresh/app.ts");
  const { makeProject } = await import("../../jsr/fresh/project.ts");
  const dirs = { static: new URL("static/", root), bundle: new URL("js/", outDir) };
  App.useProject(
    app as never,
    makeProject({ routes: table("routes"), islands: table("islands") }, dirs),
  );
}

/** A folder for a build, which is read as long as the tests run. */
function makeBuildDir(): string {
  const folder = Deno.makeTempDirSync({ prefix: "ascribe-build-" });
  globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
  return folder;
}
