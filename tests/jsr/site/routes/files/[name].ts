import { define } from "../../define.ts";

export const handler = define.handlers((ctx) => new Response(`name ${ctx.params.name}`));
