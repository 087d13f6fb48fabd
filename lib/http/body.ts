import { QueryError } from "../queries/query.ts";
import { errorResponse } from "./errors.ts";

/** The largest body that is read. Nothing Ascribe takes comes near it. */
export const MAX_BODY_BYTES = 65_536;

/** How long a body may take to arrive, in milliseconds. */
const MAX_BODY_MS = 10_000;

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
  } catch {
    return refused(400, "The body is not valid JSON.");
  }
}

/**
 * Reads a form that a page sent.
 *
 * @throws {QueryError} If the body is no form.
 */
export async function readForm(request: Request): Promise<FormData> {
  try {
    return await request.formData();
  } catch (cause) {
    throw new QueryError("badRequest", "The body is not a form.", { cause });
  }
}

/** A request whose body has arrived, or why it is refused. */
export type ReceivedRequest =
  | { kind: "received"; request: Request }
  | { kind: "refused"; status: 400 | 408 | 413; message: string };

/**
 * Waits for a request's body, of {@linkcode MAX_BODY_BYTES} and for {@linkcode MAX_BODY_MS} at most, so that nobody
 * behind it waits for a client. One that says it is larger is refused at once.
 *
 * @param options.withinMs @default {MAX_BODY_MS}
 */
export async function receiveBody(
  request: Request,
  { withinMs = MAX_BODY_MS }: { withinMs?: number } = {},
): Promise<ReceivedRequest> {
  const announced = request.headers.get("content-length");
  if (announced !== null && !(Number(announced) <= MAX_BODY_BYTES)) return TOO_LARGE;
  if (request.body === null) return { kind: "received", request };
  const reader = request.body.getReader();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    reader.cancel().catch(() => {});
  }, withinMs);
  try {
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    let size = 0;
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      size += read.value.byteLength;
      if (size > MAX_BODY_BYTES) {
        reader.cancel().catch(() => {});
        return TOO_LARGE;
      }
      chunks.push(read.value);
    }
    if (late) {
      const message = `The body did not arrive within ${withinMs / 1000} s.`;
      return { kind: "refused", status: 408, message };
    }
    // Built from its parts: a copy of the request would touch its signal, of which Deno warns on the user's screen.
    const { url, method, headers } = request;
    const body = new Blob(chunks);
    return { kind: "received", request: new Request(url, { method, headers, body }) };
  } catch {
    return { kind: "refused", status: 400, message: "The body broke off." };
  } finally {
    clearTimeout(timer);
  }
}

const TOO_LARGE: ReceivedRequest = {
  kind: "refused",
  status: 413,
  message: `The body is larger than the ${MAX_BODY_BYTES / 1024} KB that Ascribe reads.`,
};

function refused(status: number, message: string): BodyOutcome {
  return { kind: "refused", response: errorResponse(status, message) };
}
