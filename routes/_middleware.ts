import { HttpError } from "fresh";
import { define } from "../define.ts";
import { contextOf, statusOf } from "../lib/http/api.ts";
import { QueryError } from "../lib/queries/query.ts";
import { status } from "../lib/queries/status.ts";
import { CursorError } from "../lib/store/read/page.ts";

/** Reads what every page shows, and turns what a page cannot answer into an error page that says why. */
export const handler = define.middleware(async (ctx) => {
  try {
    if (ctx.state.store && !ctx.url.pathname.startsWith("/api/")) {
      ctx.state.status = await status.run(contextOf(ctx.state), {});
    }
    return await ctx.next();
  } catch (error) {
    if (error instanceof CursorError) throw new HttpError(400, error.message, { cause: error });
    if (!(error instanceof QueryError)) throw error;
    throw new HttpError(statusOf(error.code), error.message, { cause: error });
  }
});
