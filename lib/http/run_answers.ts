import { errorResponse } from "./errors.ts";

/** Answers that a run was accepted: 202, with the run's row in `sync_runs`. */
export function accepted(message: string, runId: number): Response {
  return Response.json({ message, status: "accepted", runId }, { status: 202 });
}

/** Answers that what was asked for does not go together with what is running: 409. */
export function conflict(message: string): Response {
  return errorResponse(409, message);
}
