import { getMimeType } from "hono/utils/mime";
import type { Middleware } from "./context.ts";

/** Serves the files under `static/`, and the islands' code. */
export function staticFiles<State>(): Middleware<State> {
  return async ({ req, url, project, next }) => {
    const path = decoded(url.pathname);
    const [, inBundle, id] = path.match(/^\/_fresh\/js\/(([^/]+).*)$/) ?? [];
    const file = new URL(inBundle ?? `.${path}`, project.dirs[inBundle ? "bundle" : "static"]);
    // Only plain names that systems take: two dots, for one, could lead out of the folder.
    const isPlain = /^(\/\w[\w.-]{0,199}){1,9}$/.test(path);
    const found = isPlain ? await Deno.stat(file).catch(() => null) : null;
    if (!found?.isFile) {
      return path === "/favicon.ico" ? new Response(null, { status: 404 }) : await next();
    }
    if (!/^(GET|HEAD)$/.test(req.method)) {
      return new Response("Method Not Allowed", { status: 405 });
    }
    const version = url.searchParams.get("__frsh_c");
    if (version !== null && version !== await project.buildId()) {
      url.searchParams.delete("__frsh_c");
      return new Response(null, { status: 307, headers: { location: url.pathname + url.search } });
    }
    const body = await Deno.readFile(file);
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", body)).toHex();
    const isKept = (id ?? version) === await project.buildId();
    const headers = new Headers({
      "content-type": getMimeType(path) ?? "application/octet-stream",
      "content-length": String(body.length),
      "cache-control": isKept ? "public, max-age=31536000, immutable" : "no-cache, no-store",
      etag: `W/"${hash}"`,
    });
    const isKnown = req.headers.get("if-none-match")?.includes(`"${hash}"`);
    return isKnown ? new Response(null, { status: 304, headers }) : new Response(body, { headers });
  };
}

/** A path's names, each decoded, without a slash at the end; empty if it cannot be decoded. */
function decoded(pathname: string): string {
  try {
    return decodeURIComponent(pathname).replace(/\/+$/, "");
  } catch {
    return "";
  }
}
