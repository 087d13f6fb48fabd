import { define } from "../define.ts";

/** Whether a stream was read from, and whether one was cancelled. */
export const seen = { started: 0, cancelled: 0 };

export const handler = define.handlers({
  GET: () =>
    new Response(
      new ReadableStream({
        pull: (controller) => {
          seen.started++;
          controller.enqueue(new TextEncoder().encode("tick\n"));
        },
        cancel: () => void seen.cancelled++,
      }, { highWaterMark: 0 }),
    ),
});
