import { define } from "../../define.ts";
import { answerWith } from "../../lib/http/api.ts";
import { search } from "../../lib/queries/overview.ts";

export const handler = define.handlers({ GET: answerWith(search) });
