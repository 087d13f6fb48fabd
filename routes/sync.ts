import { define } from "../define.ts";

/** Starts a sync for a browser without JavaScript, and goes back to the page that asked. */
export const handler = define.handlers({
  GET: (ctx) => ctx.redirect("/"),
  POST(ctx) {
    ctx.state.gitSync.trigger();
    return ctx.redirect(pageBefore(ctx.req, ctx.url), 303);
  },
});

function pageBefore(request: Request, url: URL): string {
  const referer = URL.parse(request.headers.get("referer") ?? "");
  return referer?.origin === url.origin ? referer.pathname + referer.search : "/";
}
