import { define } from "../../../../define.ts";
import { accepted, conflict } from "../../../../lib/http/errors.ts";

export const handler = define.handlers({
  POST({ state }) {
    const outcome = state.gitSync.trigger();
    return outcome.kind === "accepted"
      ? accepted("Git sync initiated", outcome.runId)
      : conflict("A sync is already in progress.");
  },

  DELETE({ state }) {
    const { current } = state.gitSync;
    return current !== null && state.gitSync.cancel()
      ? accepted("Git sync cancelled", current.runId)
      : conflict("No sync is running that could be cancelled.");
  },
});
