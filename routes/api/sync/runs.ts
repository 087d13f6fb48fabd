import { define } from "../../../define.ts";
import { answerWith } from "../../../lib/http/api.ts";
import { runs } from "../../../lib/queries/status.ts";

export const handler = define.handlers({ GET: answerWith(runs) });
