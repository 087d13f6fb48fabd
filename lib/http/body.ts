import { errorResponse } from "./errors.ts";

/** The largest body that is read. Nothing Ascribe takes comes near it. */
export const MAX_BODY_BYTES = 65_536;

/** A body's value, or the answer that refuses it. */
export type BodyOutcome =
  | { kind: "value"; value: unknown }
  | { kind: "refused"; response: Response };

/** Reads a request's JSON body, of {@linkcode MAX_BODY_BYTES} at most. */
export async function readJson(request: Request): Promise<BodyOutcome> {
  const type = request.headers.get("content-type")?.split(";")[0].trim().toLowerCase();
  if (type !== "application/json") {
    return refused(415, "Send the body as JSON, with Content-Type: application/json.");
  }
  try {
    return { kind: "value", value: await request.json() };
  } catch (error) {
    if (error instanceof BodyTooLarge) return refused(413, error.message);
    return refused(400, "The body is not valid JSON.");
  }
}

/**
 * Holds a request's body to {@linkcode MAX_BODY_BYTES}: one that says it is larger is refused at once, one that does
 * not say fails where it gets too large.
 */
export function limitBody(request: Request): { request: Request } | { refused: Response } {
  const announced = request.headers.get("content-length");
  if (announced !== null) {
    if (Number(announced) <= MAX_BODY_BYTES) return { request };
    return { refused: errorResponse(413, new BodyTooLarge().message) };
  }
  if (request.body === null) return { request };
  let seen = 0;
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      seen += chunk.byteLength;
      if (seen > MAX_BODY_BYTES) controller.error(new BodyTooLarge());
      else controller.enqueue(chunk);
    },
  });
  // Made anew from its parts: a copy of the request would touch its signal, of which Deno warns on the user's screen.
  const { url, method, headers } = request;
  return { request: new Request(url, { method, headers, body: request.body.pipeThrough(limit) }) };
}

class BodyTooLarge extends Error {
  constructor() {
    super(`The body is larger than the ${MAX_BODY_BYTES / 1024} KB that Ascribe reads.`);
  }
}

function refused(status: number, message: string): BodyOutcome {
  return { kind: "refused", response: errorResponse(status, message) };
}
