import { define } from "../define.ts";
import { contextOf } from "../lib/http/api.ts";
import { startSync } from "../lib/queries/actions.ts";
import { QueryError } from "../lib/queries/query.ts";

/** Starts a sync for a browser without JavaScript, and goes back to the page that asked. */
export const handler = define.handlers({
  GET: (ctx) => ctx.redirect("/"),
  async POST(ctx) {
    try {
      await startSync.run(contextOf(ctx.state), {});
    } catch (error) {
      // A sync that runs already is as good.
      if (!(error instanceof QueryError)) throw error;
    }
    return ctx.redirect(pageBefore(ctx.req, ctx.url), 303);
  },
});

function pageBefore(request: Request, url: URL): string {
  const referer = URL.parse(request.headers.get("referer") ?? "");
  return referer?.origin === url.origin ? referer.pathname + referer.search : "/";
}
