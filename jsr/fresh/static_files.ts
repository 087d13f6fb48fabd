import { getMimeType } from "hono/utils/mime";
import type { Context, Middleware } from "./context.ts";
import { buildId, oncePerProject } from "./project.ts";

interface StaticFile {
  body: Uint8Array<ArrayBuffer>;
  type: string;
  etag: string;
}

type Table = Map<string, StaticFile>;

const tableOf = oncePerProject(async (project) => {
  const table: Table = new Map();
  await addFolder(table, "/", project.staticDir);
  if (buildId(project) !== "unbuilt") await addFolder(table, "/_fresh/js/", project.bundleDir);
  return table;
});

async function addFolder(table: Table, path: string, folder: URL): Promise<void> {
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    const at = new URL(encodeURIComponent(name), folder);
    if (isDirectory) {
      await addFolder(table, `${path}${name}/`, new URL(`${at}/`));
      continue;
    }
    const body = await Deno.readFile(at);
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
    const type = getMimeType(name) ?? "application/octet-stream";
    table.set(path + name, { body, type, etag: `W/"${digest.toHex()}"` });
  }
}

/** Serves what stands under `static/`, and the islands' code. */
export function staticFiles<State>(): Middleware<State> {
  return async (ctx) => {
    const { pathname } = ctx.url;
    const file = (await tableOf(ctx.project)).get(pathname);
    if (file !== undefined) return serve(ctx, file);
    return pathname === "/favicon.ico" ? new Response(null, { status: 404 }) : await ctx.next();
  };
}

function serve<State>(
  { req, url, project }: Context<State>,
  { body, type, etag }: StaticFile,
): Response {
  if (!/^(GET|HEAD)$/.test(req.method)) return new Response("Method Not Allowed", { status: 405 });
  const id = buildId(project);
  const wanted = url.searchParams.get("__frsh_c") ??
    url.pathname.match(/^\/_fresh\/js\/([^/]+)/)?.[1];
  if (wanted !== undefined && wanted !== id) {
    return new Response(null, { status: 307, headers: { location: url.pathname } });
  }
  const headers = new Headers({ "content-type": type, vary: "If-None-Match" });
  const known = req.headers.get("if-none-match");
  if (known === etag || `W/${known}` === etag) return new Response(null, { status: 304, headers });
  headers.set("etag", etag);
  headers.set("content-length", String(body.length));
  const caching = wanted
    ? "public, max-age=31536000, immutable"
    : "no-cache, no-store, max-age=0, must-revalidate";
  headers.set("cache-control", caching);
  return new Response(body, { headers });
}
