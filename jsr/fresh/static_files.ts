import type { Middleware } from "./context.ts";

/** Serves what stands under `static/`, and the islands' code. */
export function staticFiles<State>(): Middleware<State> {
  return async ({ req, url, project, next }) => {
    const file = (await project.files()).get(url.pathname);
    if (file === undefined && url.pathname !== "/favicon.ico") return await next();
    if (file === undefined) return new Response(null, { status: 404 });
    if (!/^(GET|HEAD)$/.test(req.method)) {
      return new Response("Method Not Allowed", { status: 405 });
    }
    const wanted = url.searchParams.get("__frsh_c") ??
      url.pathname.match(/^\/_fresh\/js\/([^/]+)/)?.[1];
    if (wanted !== undefined && wanted !== project.buildId()) {
      return new Response(null, { status: 307, headers: { location: url.pathname } });
    }
    const headers = new Headers({ "content-type": file.type, vary: "If-None-Match" });
    if (req.headers.get("if-none-match")?.endsWith(file.etag.slice(2))) {
      return new Response(null, { status: 304, headers });
    }
    headers.set("etag", file.etag);
    headers.set("content-length", String(file.body.length));
    const caching = wanted
      ? "public, max-age=31536000, immutable"
      : "no-cache, no-store, max-age=0, must-revalidate";
    headers.set("cache-control", caching);
    return new Response(file.body, { headers });
  };
}
