import { define } from "../../define.ts";
import { OPENAPI } from "../../lib/http/openapi.ts";

export const handler = define.handlers({
  GET: () => Response.json(OPENAPI),
});
