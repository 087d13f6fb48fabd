import { define } from "../../../define.ts";
import { actWith } from "../../../lib/http/api.ts";
import { rebuild } from "../../../lib/queries/actions.ts";

export const handler = define.handlers({ POST: actWith(rebuild, { status: 202 }) });
