import { define } from "../../../../define.ts";
import { answerWith } from "../../../../lib/http/api.ts";
import { blame } from "../../../../lib/queries/blame.ts";

export const handler = define.handlers({ GET: answerWith(blame) });
