import { define } from "../../../define.ts";
import { accepted, conflict } from "../../../lib/http/errors.ts";

export const handler = define.handlers({
  POST({ state }) {
    const outcome = state.indexing.rebuild();
    return outcome.kind === "accepted"
      ? accepted("Rebuild initiated", outcome.runId)
      : conflict("A sync is in progress. Try again once it ended.");
  },
});
