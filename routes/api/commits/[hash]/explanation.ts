import { define } from "../../../../define.ts";
import { answerWith } from "../../../../lib/http/api.ts";
import { explanation } from "../../../../lib/queries/explanation.ts";

export const handler = define.handlers({ GET: answerWith(explanation) });
