import { logFault } from "../text/log.ts";
import { receiveBody } from "./body.ts";
import { errorCode, errorMessage, errorResponse } from "./errors.ts";
import { type Admission, guard, isApi, pathOf } from "./guard.ts";
import { keepStatic } from "./static_cache.ts";

/** Answers a request, as `Deno.serve` and Fresh's `App.handler()` have it. */
export type Handler = (
  request: Request,
  info?: Deno.ServeHandlerInfo,
) => Response | Promise<Response>;

/** Where Fresh leaves the nonce of a page that it rendered. */
const NONCE = Symbol.for("__freshNonce");

const HEADERS: readonly (readonly [string, string])[] = [
  ["x-content-type-options", "nosniff"],
  ["x-frame-options", "DENY"],
  ["referrer-policy", "same-origin"],
  ["cross-origin-opener-policy", "same-origin"],
  ["cross-origin-resource-policy", "same-origin"],
  ["permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"],
];

/**
 * Wraps the app's handler from outside, where no route, middleware or error page can skip it: the guard first, then
 * the answer with the security headers, and every error below `/api` as JSON.
 *
 * @param options.token What every request has to show, where the server listens to more than this machine. @default {null}
 * @param options.onError Hears of what a handler threw. @default {logFault}
 */
export function secure(
  handler: Handler,
  options: { token?: string | null; onError?: (error: unknown) => void } = {},
): (request: Request, info?: Deno.ServeHandlerInfo) => Promise<Response> {
  const { token = null, onError = logFault } = options;
  return async (request, info) => {
    const refusal = guard(request, { withToken: token !== null, client: info?.remoteAddr });
    if (refusal !== null) return finish(request, refuse(request, refusal));
    const admission = token === null ? null : await askForToken(request, token);
    if (admission?.kind === "refused") return finish(request, refuse(request, admission));
    if (admission?.kind === "login") return finish(request, admission.response);
    const received = await receiveBody(request);
    if (received.kind === "refused") return finish(request, refuse(request, received));
    try {
      const answer = await handler(received.request, info);
      await keepStatic(request, answer);
      return finish(request, answer);
    } catch (error) {
      onError(error);
      return finish(request, refuse(request, { status: 500, message: errorMessage(500) }));
    }
  };
}

/** Few servers have a token: the others do not load what compares it. */
async function askForToken(request: Request, token: string): Promise<Admission> {
  const { admit } = await import("./guard.ts");
  return admit(request, token);
}

function finish(request: Request, answer: Response): Response {
  const nonce = (answer as { [NONCE]?: string })[NONCE];
  const api = isApi(pathOf(request));
  const response = api && answer.status >= 400 && !isJson(answer)
    ? asJson(request, answer)
    : answer.status === 500 && !isPage(answer)
    ? refuse(request, { status: 500, message: errorMessage(500) })
    : withOwnHeaders(answer);
  for (const [name, value] of HEADERS) response.headers.set(name, value);
  response.headers.set("content-security-policy", policy(nonce));
  if (!response.headers.has("cache-control")) {
    response.headers.set("cache-control", api ? "no-store" : "private, no-cache");
  }
  return response;
}

/** The same answer with headers that can be set: a redirect's, for one, cannot. */
function withOwnHeaders(answer: Response): Response {
  try {
    answer.headers.set("x-content-type-options", "nosniff");
    return answer;
  } catch {
    return new Response(answer.body, answer);
  }
}

/** What a page may load: our own files, and the inline scripts and styles that carry this answer's nonce. */
function policy(nonce: string | undefined): string {
  const own = nonce === undefined ? "'self'" : `'self' 'nonce-${nonce}'`;
  return [
    "default-src 'none'",
    `script-src ${own}`,
    `style-src ${own}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

function isJson(response: Response): boolean {
  return response.headers.get("content-type")?.startsWith("application/json") ?? false;
}

/** Whether an error has a page of its own: where that cannot be made either, the framework's answer is no sentence. */
function isPage(response: Response): boolean {
  return isJson(response) || response.headers.get("content-type")?.startsWith("text/html") === true;
}

/** An error that the framework wrote as a page, for a program. Its body is let go of unread. */
function asJson(request: Request, answer: Response): Response {
  answer.body?.cancel();
  const response = errorResponse(answer.status);
  const allow = answer.headers.get("allow");
  if (allow !== null) response.headers.set("allow", allow);
  return request.method === "HEAD" ? new Response(null, response) : response;
}

function refuse(
  request: Request,
  { status, message }: { status: number; message: string },
): Response {
  if (isApi(pathOf(request))) return errorResponse(status, message);
  const page = `<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>${
    errorCode(status)
  }</title><p>${message.replace(/[&<]/g, (c) => c === "&" ? "&amp;" : "&lt;")}</p></html>`;
  return new Response(page, {
    status,
    headers: { "content-type": "text/html; charset=utf-8" },
  });
}
