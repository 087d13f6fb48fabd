import { define } from "../../define.ts";

export const handler = define.handlers((ctx) =>
  new Response(`path ${JSON.stringify(ctx.params.path)}`)
);
