import { define } from "../../define.ts";
import { answerWith } from "../../lib/http/api.ts";
import { streamJson } from "../../lib/http/json_stream.ts";
import { loom } from "../../lib/queries/overview.ts";

export const handler = define.handlers({ GET: answerWith(loom, streamJson) });
