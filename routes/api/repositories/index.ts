import { define } from "../../../define.ts";
import { answerWith } from "../../../lib/http/api.ts";
import { repositories } from "../../../lib/queries/repositories.ts";

export const handler = define.handlers({ GET: answerWith(repositories) });
