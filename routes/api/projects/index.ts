import { define } from "../../../define.ts";
import { answerWith } from "../../../lib/http/api.ts";
import { projects } from "../../../lib/queries/sessions.ts";

export const handler = define.handlers({ GET: answerWith(projects) });
