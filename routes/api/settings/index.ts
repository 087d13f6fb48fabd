import { define } from "../../../define.ts";

export const handler = define.handlers({
  GET: ({ state }) => Response.json({ gitSyncIntervalSecs: state.gitSync.intervalSecs }),
});
