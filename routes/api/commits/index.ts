import { define } from "../../../define.ts";
import { answerWith } from "../../../lib/http/api.ts";
import { commits } from "../../../lib/queries/commits.ts";

export const handler = define.handlers({ GET: answerWith(commits) });
