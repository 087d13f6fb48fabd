import { define } from "../../../define.ts";
import { readJson } from "../../../lib/http/body.ts";
import { errorResponse } from "../../../lib/http/errors.ts";
import { INTERVAL_LIMITS, isInterval } from "../../../lib/store/write/settings.ts";

export const handler = define.handlers({
  async PUT({ state, req }) {
    const body = await readJson(req);
    if (body.kind === "refused") return body.response;
    const seconds = (body.value as { seconds?: unknown } | null)?.seconds;
    if (!isInterval(seconds)) {
      const { min, max } = INTERVAL_LIMITS;
      return errorResponse(
        400,
        `seconds must be 0, which turns background syncs off, or a whole number from ${min} to ${max}.`,
      );
    }
    await state.gitSync.setIntervalSecs(seconds);
    return Response.json({ gitSyncIntervalSecs: state.gitSync.intervalSecs });
  },
});
