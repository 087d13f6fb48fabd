import { define } from "../define.ts";
import { contextOf } from "../lib/http/api.ts";
import { writeMetrics } from "../lib/http/metrics.ts";
import { streamsOf } from "../lib/http/streams.ts";
import { status } from "../lib/queries/status.ts";

export const handler = define.handlers({
  async GET({ state }) {
    const metrics = writeMetrics({
      status: await status.run(contextOf(state), {}),
      openStreams: streamsOf(state).size,
    });
    return new Response(metrics, {
      headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" },
    });
  },
});
