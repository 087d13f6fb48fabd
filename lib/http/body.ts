import { errorResponse } from "./errors.ts";
import { BadRequest } from "./params.ts";

/** The largest body that is read. Nothing Ascribe takes comes near it. */
export const MAX_BODY_BYTES = 65_536;

/** How long a body may take to arrive, in milliseconds. */
export const MAX_BODY_MS = 10_000;

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
    if (error instanceof BodyRefused) return refused(error.status, error.message);
    return refused(400, "The body is not valid JSON.");
  }
}

/**
 * Reads a form that a page sent.
 *
 * @throws {BadRequest} If the body is no form, too large or too slow.
 */
export async function readForm(request: Request): Promise<FormData> {
  try {
    return await request.formData();
  } catch (error) {
    const message = error instanceof BodyRefused ? error.message : "The body is not a form.";
    throw new BadRequest(message, { cause: error });
  }
}

/**
 * Holds a request's body to {@linkcode MAX_BODY_BYTES} and {@linkcode MAX_BODY_MS}: one that says it is larger is
 * refused at once; another one fails, for whoever reads it, where it gets too large or too slow.
 *
 * @param options.withinMs @default {MAX_BODY_MS}
 */
export function limitBody(
  request: Request,
  { withinMs = MAX_BODY_MS }: { withinMs?: number } = {},
): { request: Request } | { refused: Response } {
  const announced = request.headers.get("content-length");
  if (announced !== null && !(Number(announced) <= MAX_BODY_BYTES)) {
    return { refused: errorResponse(413, tooLarge().message) };
  }
  if (request.body === null) return { request };
  let seen = 0;
  let timer: ReturnType<typeof setTimeout>;
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    start(controller) {
      timer = setTimeout(() => controller.error(tooSlow(withinMs)), withinMs);
      // A body that nobody reads keeps nothing waiting.
      Deno.unrefTimer(Number(timer));
    },
    transform(chunk, controller) {
      seen += chunk.byteLength;
      if (seen <= MAX_BODY_BYTES) return controller.enqueue(chunk);
      clearTimeout(timer);
      controller.error(tooLarge());
    },
    flush: () => clearTimeout(timer),
  });
  // Made anew from its parts: a copy of the request would touch its signal, of which Deno warns on the user's screen.
  const { url, method, headers } = request;
  return { request: new Request(url, { method, headers, body: request.body.pipeThrough(limit) }) };
}

class BodyRefused extends Error {
  readonly status: 408 | 413;

  constructor(status: 408 | 413, message: string) {
    super(message);
    this.status = status;
  }
}

function tooLarge(): BodyRefused {
  return new BodyRefused(
    413,
    `The body is larger than the ${MAX_BODY_BYTES / 1024} KB that Ascribe reads.`,
  );
}

function tooSlow(withinMs: number): BodyRefused {
  return new BodyRefused(408, `The body did not arrive within ${withinMs / 1000} s.`);
}

function refused(status: number, message: string): BodyOutcome {
  return { kind: "refused", response: errorResponse(status, message) };
}
