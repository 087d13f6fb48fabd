import { define } from "../../../define.ts";
import { answerWith } from "../../../lib/http/api.ts";
import { sessions } from "../../../lib/queries/sessions.ts";

export const handler = define.handlers({ GET: answerWith(sessions) });
