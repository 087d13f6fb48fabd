/**
 * Builds what the browser needs, and serves the dashboard while somebody works on it.
 *
 *     dev.ts build     writes the route manifest and the islands' bundle
 *     dev.ts bundle    writes the bundle alone
 *     dev.ts           builds, serves, and does both again after every change
 *     dev.ts serve     serves pages that reload when the server does
 */
import { relative } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = new URL("./", import.meta.url);
const OUT_DIR = new URL("_fresh/", ROOT);
const MANIFEST = new URL("jsr/fresh/manifest.gen.ts", ROOT);
/** What a change of which makes the program another one. */
const WATCHED = [
  "routes",
  "islands",
  "components",
  "lib",
  "static",
  "jsr",
  "main.ts",
  "define.ts",
  "deno.json",
];

/** Lists the files below a folder as paths from it, in a fixed order; none where it is missing. */
function filesBelow(folder: URL, prefix = ""): string[] {
  let entries: Deno.DirEntry[];
  try {
    entries = [...Deno.readDirSync(folder)];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
  return entries.flatMap(({ name, isDirectory }) =>
    isDirectory
      ? filesBelow(new URL(`${encodeURIComponent(name)}/`, folder), `${prefix}${name}/`)
      : [prefix + name]
  ).sort();
}

/** Lists the modules under a project's `routes/` and `islands/`. */
export function modulesOf(root: URL): { routes: string[]; islands: string[] } {
  const modules = (folder: string) =>
    filesBelow(new URL(`${folder}/`, root)).filter((path) => /\.tsx?$/.test(path));
  return { routes: modules("routes"), islands: modules("islands") };
}

/** Writes the module that names every route and island, so that a compiled program holds them. */
export function manifestText(root: URL): string {
  const modules = modulesOf(root);
  const table = (folder: "routes" | "islands") =>
    modules[folder].map((path) => `  "${path}": () => import("../../${folder}/${path}"),\n`).join(
      "",
    );
  return `// Written by dev.ts: every file under routes/ and islands/.
// deno-fmt-ignore-file
type Modules = Record<string, () => Promise<unknown>>;

export const routes: Modules = {
${table("routes")}};

export const islands: Modules = {
${table("islands")}};
`;
}

async function digest(data: BufferSource): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", data);
  return new Uint8Array(hash).toHex().slice(0, 16);
}

/** A hash of everything that the bundle may be made of. */
async function hashInputs(root: URL): Promise<string> {
  const folders = ["islands", "components", "lib", "jsr"];
  const files = folders.flatMap((folder) =>
    filesBelow(new URL(`${folder}/`, root)).filter((path) => /\.tsx?$/.test(path)).map((path) =>
      `${folder}/${path}`
    )
  );
  const texts = [...files, "deno.json", "deno.lock"].map((path) => {
    try {
      return `${path}\0${Deno.readTextFileSync(new URL(path, root))}\0`;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return `${path}\0`;
      throw error;
    }
  });
  return await digest(new TextEncoder().encode(Deno.version.deno + texts.join("")));
}

/**
 * Bundles a project's islands into `js/<hash of the bundle>/` of a folder, unless what is there is of the same sources.
 *
 * @returns Whether there was anything to do.
 * @throws {Error} If an island cannot be bundled.
 */
export async function bundle(root: URL, outDir: URL): Promise<boolean> {
  Deno.mkdirSync(outDir, { recursive: true });
  // Two builds at once would take each other's folder away; the second finds the first one's work done.
  using lock = Deno.openSync(new URL("lock", outDir), { create: true, write: true });
  await lock.lock(true);
  const stamp = new URL("inputs", outDir);
  const inputs = await hashInputs(root);
  if (readIfThere(stamp) === inputs && filesBelow(new URL("js/", outDir)).length > 0) return false;

  const work = new URL(`work-${Deno.pid}/`, outDir);
  const entries = writeEntries(root, new URL("entries/", work));
  const { success, errors, outputFiles = [] } = await Deno.bundle({
    entrypoints: entries.map((entry) => fileURLToPath(entry)),
    outputDir: fileURLToPath(work),
    platform: "browser",
    codeSplitting: true,
    minify: true,
    write: false,
  });
  if (!success) {
    removeIfThere(work);
    throw new Error(`Cannot bundle the islands: ${errors.map(({ text }) => text).join("\n")}`);
  }

  const outputs = outputFiles.map(({ path, contents }) => ({
    path: relative(fileURLToPath(work), path).replaceAll("\\", "/"),
    contents: contents as Uint8Array<ArrayBuffer>,
  })).sort((a, b) => a.path < b.path ? -1 : 1);
  const hashes = await Promise.all(
    outputs.map(async ({ path, contents }) => path + await digest(contents)),
  );
  const id = await digest(new TextEncoder().encode(hashes.join()));
  for (const { path, contents } of outputs) {
    const file = new URL(`js/${id}/${path}`, work);
    Deno.mkdirSync(new URL("./", file), { recursive: true });
    Deno.writeFileSync(file, contents);
  }
  removeIfThere(new URL("js/", outDir));
  Deno.renameSync(new URL("js/", work), new URL("js/", outDir));
  removeIfThere(work);
  Deno.writeTextFileSync(stamp, inputs);
  return true;
}

/** Gives each island a file of its own beside the client's, so that their paths in the bundle are short. */
function writeEntries(root: URL, folder: URL): URL[] {
  const sources: [path: string, source: URL][] = [
    ["client.ts", new URL("jsr/fresh/client.ts", ROOT)],
    ...modulesOf(root).islands.map((
      path,
    ): [string, URL] => [path.replace(/\.tsx$/, ".ts"), new URL(`islands/${path}`, root)]),
  ];
  return sources.map(([path, source]) => {
    const entry = new URL(path, folder);
    const hasDefault = /^export default /m.test(Deno.readTextFileSync(source));
    const lines = [
      `export * from "${source}";`,
      ...(hasDefault ? [`export { default } from "${source}";`] : []),
    ];
    Deno.mkdirSync(new URL("./", entry), { recursive: true });
    Deno.writeTextFileSync(entry, lines.join("\n"));
    return entry;
  });
}

function readIfThere(file: URL): string | null {
  try {
    return Deno.readTextFileSync(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

function removeIfThere(path: URL): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function writeManifest(): void {
  const text = manifestText(ROOT);
  if (readIfThere(MANIFEST) !== text) Deno.writeTextFileSync(MANIFEST, text);
}

/** Starts the server as the task `start` does, but with pages that reload themselves. */
function startServer(args: string[]): Deno.ChildProcess {
  const { tasks } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", ROOT)));
  const words: string[] = tasks.start.command.split(" ");
  const command = words.slice(words.indexOf("deno") + 1);
  return new Deno.Command(Deno.execPath(), {
    args: [...command.map((part) => part === "main.ts" ? "dev.ts" : part), ...args],
    cwd: ROOT,
  }).spawn();
}

async function stopServer(server: Deno.ChildProcess): Promise<void> {
  try {
    server.kill("SIGTERM");
  } catch (error) {
    // It ended by itself.
    if (!(error instanceof TypeError)) throw error;
  }
  await server.status;
}

async function develop(args: string[]): Promise<void> {
  writeManifest();
  await bundle(ROOT, OUT_DIR);
  let server = startServer(args);
  let turn = Promise.resolve();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const startOver = async () => {
    try {
      writeManifest();
      await bundle(ROOT, OUT_DIR);
    } catch (error) {
      console.error(error instanceof Error ? error.message : error);
      return;
    }
    await stopServer(server);
    server = startServer(args);
  };
  Deno.addSignalListener("SIGINT", async () => {
    await stopServer(server);
    Deno.exit(0);
  });
  for await (
    const { kind, paths } of Deno.watchFs(WATCHED.map((path) => fileURLToPath(new URL(path, ROOT))))
  ) {
    if (kind === "access" || paths.every((path) => path.endsWith(fileURLToPath(MANIFEST)))) {
      continue;
    }
    clearTimeout(timer);
    timer = setTimeout(() => turn = turn.then(startOver), 100);
  }
}

type Handler = (request: Request, info?: Deno.ServeHandlerInfo) => Promise<Response>;

const RELOAD = `let id;
new EventSource("/_fresh/alive").onmessage = ({ data }) => {
  id ??= data;
  if (id !== data) location.reload();
};`;

/** Adds to every page a script that reloads it when another server answers than the one it came from. */
function withReload(handler: Handler): Handler {
  const id = crypto.randomUUID();
  return async (request, info) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/_fresh/reload.js") {
      return new Response(RELOAD, { headers: { "content-type": "text/javascript" } });
    }
    if (pathname === "/_fresh/alive") {
      const body = new ReadableStream<Uint8Array>({
        start: (stream) => stream.enqueue(new TextEncoder().encode(`retry: 200\ndata: ${id}\n\n`)),
      });
      return new Response(body, { headers: { "content-type": "text/event-stream" } });
    }
    const response = await handler(request, info);
    if (!response.headers.get("content-type")?.startsWith("text/html")) return response;
    const html = `${await response.text()}<script src="/_fresh/reload.js"></script>`;
    return new Response(html, response);
  };
}

/** Runs the program with pages that reload; imported only now, since the build needs none of it. */
async function serve(args: string[]): Promise<number> {
  const [main, program] = ["./main.ts", "./lib/cli/program.ts"];
  const { createApp }: typeof import("./main.ts") = await import(main);
  const { run }: typeof import("./lib/cli/program.ts") = await import(program);
  return await run(["serve", ...args], {
    handlerFor: (services) => withReload(createApp(services).handler()),
  });
}

if (import.meta.main) {
  const [command, ...args] = Deno.args;
  switch (command) {
    case "build":
      writeManifest();
      await bundle(ROOT, OUT_DIR);
      break;
    case "bundle":
      await bundle(ROOT, OUT_DIR);
      break;
    case "serve":
      Deno.exit(await serve(args));
      break;
    default:
      await develop(Deno.args);
  }
}
