import { define } from "../../../define.ts";
import { actWith } from "../../../lib/http/api.ts";
import { setInterval } from "../../../lib/queries/actions.ts";

export const handler = define.handlers({ PUT: actWith(setInterval) });
