import { define } from "../../../../define.ts";
import { answerWith } from "../../../../lib/http/api.ts";
import { diff } from "../../../../lib/queries/diff.ts";

export const handler = define.handlers({ GET: answerWith(diff) });
