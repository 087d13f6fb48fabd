import { define } from "../../define.ts";
import { errorResponse } from "../../lib/http/errors.ts";

export const handler = define.handlers({
  async DELETE({ state }) {
    if (state.sample) {
      return errorResponse(409, "This is sample data. Stop Ascribe and run ascribe erase.");
    }
    await state.gitSync.erase();
    return Response.json({
      message: "Everything that was stored is gone. Background syncs are off until turned on.",
    });
  },
});
