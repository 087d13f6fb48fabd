import { define } from "../define.ts";

export const handler = define.handlers({
  GET: () => new Response("got", { headers: { "x-from": "GET" } }),
  PUT: async (ctx) => new Response(`put ${await ctx.req.text()}`),
});
