import { define } from "../../../../define.ts";
import { actWith } from "../../../../lib/http/api.ts";
import { cancelSync, startSync } from "../../../../lib/queries/actions.ts";

export const handler = define.handlers({
  POST: actWith(startSync, { status: 202 }),
  DELETE: actWith(cancelSync, { status: 202 }),
});
