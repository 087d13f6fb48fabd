import { define } from "../../define.ts";
import { answerWith } from "../../lib/http/api.ts";
import { status } from "../../lib/queries/status.ts";

export const handler = define.handlers({ GET: answerWith(status) });
