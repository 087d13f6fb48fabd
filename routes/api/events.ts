import { define } from "../../define.ts";
import { streamsOf } from "../../lib/http/streams.ts";

export const handler = define.handlers({
  GET: ({ state, req }) => streamsOf(state).announcements(req),
});
