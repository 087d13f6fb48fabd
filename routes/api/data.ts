import { define } from "../../define.ts";
import { actWith } from "../../lib/http/api.ts";
import { erase } from "../../lib/queries/actions.ts";

export const handler = define.handlers({ DELETE: actWith(erase) });
