import { define } from "../define.ts";
import { writeMetrics } from "../lib/http/metrics.ts";
import { streamsOf } from "../lib/http/streams.ts";

export const handler = define.handlers({
  GET: ({ state }) =>
    new Response(writeMetrics({ ...state, openStreams: streamsOf(state).size }), {
      headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" },
    }),
});
