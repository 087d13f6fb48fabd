import { define } from "../define.ts";

export const handler = define.handlers((ctx) => ctx.redirect(ctx.url.searchParams.get("to")!, 303));
