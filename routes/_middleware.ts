import { HttpError } from "fresh";
import { define } from "../define.ts";
import { BadRequest } from "../lib/http/params.ts";
import { CursorError } from "../lib/store/read/page.ts";

/** A page asked for with parameters that it cannot have is the reader's to mend: 400, with what to send instead. */
export const handler = define.middleware(async (ctx) => {
  try {
    return await ctx.next();
  } catch (error) {
    if (error instanceof BadRequest || error instanceof CursorError) {
      throw new HttpError(400, error.message, { cause: error });
    }
    throw error;
  }
});
