import { define } from "../define.ts";

export const handler = define.handlers((ctx) =>
  ctx.render(<p>rendered</p>, { status: 202, headers: { "x-own": "1" } })
);
