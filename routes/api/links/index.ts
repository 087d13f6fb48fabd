import { define } from "../../../define.ts";
import { answerWith } from "../../../lib/http/api.ts";
import { links } from "../../../lib/queries/links.ts";

export const handler = define.handlers({ GET: answerWith(links) });
