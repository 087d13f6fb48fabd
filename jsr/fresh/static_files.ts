import type { Context, Middleware } from "./context.ts";
import { buildOf, type Project } from "./project.ts";

const TYPES: Record<string, string> = {
  css: "text/css; charset=utf-8",
  html: "text/html; charset=utf-8",
  ico: "image/vnd.microsoft.icon",
  js: "text/javascript; charset=utf-8",
  json: "application/json; charset=utf-8",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
  webmanifest: "application/manifest+json",
  woff2: "font/woff2",
};

const IMMUTABLE = "public, max-age=31536000, immutable";
const ALWAYS_ASK = "no-cache, no-store, max-age=0, must-revalidate";

interface StaticFile {
  body: Uint8Array<ArrayBuffer>;
  type: string;
  etag: string;
}

const tables = new WeakMap<Project, Promise<Map<string, StaticFile>>>();

async function readFolder(
  folder: URL,
  path: string,
  table: Map<string, StaticFile>,
): Promise<void> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const at = new URL(encodeURIComponent(name), folder);
    if (isDirectory) {
      await readFolder(new URL(`${at}/`), `${path}${name}/`, table);
      continue;
    }
    const body = await Deno.readFile(at);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
    const type = TYPES[name.slice(name.lastIndexOf(".") + 1)] ?? "application/octet-stream";
    table.set(`${path}${name}`, { body, type, etag: `W/"${digest.toHex()}"` });
  }
}

async function readAll(project: Project): Promise<Map<string, StaticFile>> {
  const table = new Map<string, StaticFile>();
  await readFolder(project.staticDir, "/", table);
  await readFolder(new URL("js/", project.outDir), `/_fresh/js/${buildOf(project).id}/`, table);
  return table;
}

/** Serves what stands under `static/`, and the islands' code. */
export function staticFiles<State>(): Middleware<State> {
  return async (ctx) => {
    let files = tables.get(ctx.project);
    if (files === undefined) tables.set(ctx.project, files = readAll(ctx.project));
    const file = (await files).get(decode(ctx.url.pathname));
    if (file !== undefined) return serve(ctx, file);
    if (ctx.url.pathname === "/favicon.ico") return new Response(null, { status: 404 });
    if (ctx.url.pathname === "/_fresh/alive" && buildOf(ctx.project).mode === "development") {
      return alive();
    }
    return await ctx.next();
  };
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function serve<State>(
  { req, url, project }: Context<State>,
  { body, type, etag }: StaticFile,
): Response {
  if (req.method !== "GET" && req.method !== "HEAD") {
    return new Response("Method Not Allowed", { status: 405 });
  }
  const { id, mode } = buildOf(project);
  const asked = url.searchParams.get("__frsh_c");
  if (asked !== null && asked !== id) {
    url.searchParams.delete("__frsh_c");
    return new Response(null, { status: 307, headers: { location: url.pathname + url.search } });
  }
  const headers = new Headers({ "content-type": type, vary: "If-None-Match" });
  const known = req.headers.get("if-none-match");
  if (mode === "production" && (known === etag || `W/${known}` === etag)) {
    return new Response(null, { status: 304, headers });
  }
  const isHashed = asked === id || url.pathname.startsWith(`/_fresh/js/${id}/`);
  headers.set("cache-control", isHashed && mode === "production" ? IMMUTABLE : ALWAYS_ASK);
  headers.set("content-length", String(body.length));
  if (mode === "production") headers.set("etag", etag);
  return new Response(req.method === "HEAD" ? null : body, { headers });
}

const STARTED = crypto.randomUUID();

/** A stream that ends with the server, so that an open page notices the next one. */
function alive(): Response {
  const body = new ReadableStream({
    start: (controller) =>
      controller.enqueue(new TextEncoder().encode(`retry: 200\ndata: ${STARTED}\n\n`)),
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}
