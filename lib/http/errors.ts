/** The code of each status that the API answers with, for programs to switch on. */
const CODES: Record<number, string> = {
  400: "badRequest",
  401: "tokenWanted",
  403: "forbidden",
  404: "notFound",
  405: "methodNotAllowed",
  408: "bodyTooSlow",
  409: "conflict",
  413: "bodyTooLarge",
  414: "urlTooLong",
  415: "unsupportedMediaType",
  421: "misdirectedRequest",
  500: "internal",
  503: "unavailable",
};

/** What each status says where nobody said it better. */
const MESSAGES: Record<number, string> = {
  400: "The request cannot be understood.",
  404: "Nothing is here. GET /api/openapi.json lists what is.",
  405: "This address does not take that method. GET /api/openapi.json lists what it takes.",
  500: "Ascribe could not answer this. Its log has the reason.",
};

/** The one shape of an error: a stable code for programs, a sentence for people. */
export interface ErrorBody {
  error: string;
  message: string;
}

/** The stable code of an HTTP status. */
export function errorCode(status: number): string {
  return CODES[status] ?? (status < 500 ? "badRequest" : "internal");
}

/** The sentence for an HTTP status where nothing more is known. */
export function errorMessage(status: number): string {
  return MESSAGES[status] ?? (status < 500 ? MESSAGES[400] : MESSAGES[500]);
}

/**
 * Answers with an error as JSON.
 *
 * @param message One sentence with what to do. @default what the status says
 * @param options.code @default the status's code
 */
export function errorResponse(
  status: number,
  message: string = errorMessage(status),
  options: { code?: string; headers?: HeadersInit } = {},
): Response {
  const body: ErrorBody = { error: options.code ?? errorCode(status), message };
  return Response.json(body, { status, headers: options.headers });
}

/** Answers that a run was accepted: 202, with the run's row in `sync_runs`. */
export function accepted(message: string, runId: number): Response {
  return Response.json({ message, status: "accepted", runId }, { status: 202 });
}

/** Answers that what was asked for does not go together with what is running: 409. */
export function conflict(message: string): Response {
  return errorResponse(409, message);
}
