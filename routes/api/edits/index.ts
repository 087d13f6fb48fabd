import { define } from "../../../define.ts";
import { answerWith } from "../../../lib/http/api.ts";
import { edits } from "../../../lib/queries/links.ts";

export const handler = define.handlers({ GET: answerWith(edits) });
