import { define } from "../../../define.ts";
import { actWith, answerWith } from "../../../lib/http/api.ts";
import { removeAlias, setAlias } from "../../../lib/queries/actions.ts";
import { aliases } from "../../../lib/queries/repositories.ts";

export const handler = define.handlers({
  GET: answerWith(aliases),
  PUT: actWith(setAlias),
  DELETE: actWith(removeAlias),
});
