import { define } from "../../define.ts";
import { readStatus } from "../../lib/sync/status.ts";

export const handler = define.handlers({
  GET: ({ state }) => Response.json(readStatus(state)),
});
