import { define } from "../../define.ts";
import { VERSION } from "../../lib/domain/version.ts";

export const handler = define.handlers({
  GET: () => Response.json({ status: "ok", name: "ascribe", version: VERSION }),
});
