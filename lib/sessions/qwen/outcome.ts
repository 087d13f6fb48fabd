import { isObject, type JsonObject, object, text } from "../../text/json.ts";
import type { CallOutcome } from "../gemini_base/calls.ts";
import { gridText, readShellText } from "../gemini_base/results.ts";
import type { CallFailure } from "../shell_calls.ts";

const REFUSED = /User did not allow tool call|denied by (?:permission rules|policy)/;
const CANCELLED = /^\[Operation Cancelled\]/;

/** The outcome of a call, from the response that the model got and the record of its result. */
export function outcomeOf(response: JsonObject, result: JsonObject): CallOutcome {
  const told = text(response.output) ?? text(response.error) ?? "";
  const display = result.resultDisplay;
  if (isObject(display) && display.type === "shell_result") {
    const output = text(display.output) ?? "";
    return { output, failure: failureOfShell(result, display) };
  }
  const { output, exitCode, cutShort } = readShellText(told);
  const shown = gridText(object(display).ansiOutput);
  return {
    output: shown ?? output,
    failure: failureOf(result.executionStatus, { exitCode, cutShort, error: text(response.error) }),
  };
}

function failureOfShell(result: JsonObject, display: JsonObject): CallFailure {
  const exitCode = Number.isSafeInteger(display.exitCode) ? display.exitCode as number : null;
  const cutShort = display.outcome === "cancelled" || display.outcome === "timed_out";
  const failed = display.outcome === "failed" || text(display.error) !== null;
  return failureOf(result.executionStatus, {
    exitCode,
    cutShort,
    error: failed ? "failed" : null,
  });
}

/** A subagent's file does not record a call's status; there the response decides. */
function failureOf(
  status: unknown,
  found: { exitCode: number | null; cutShort: boolean; error: string | null },
): CallFailure {
  const { exitCode, cutShort, error } = found;
  const failed = exitCode !== null && exitCode !== 0;
  if (status === "not_started") return { reason: "denied", exitCode: null };
  if (status === "cancelled" || cutShort) return { reason: "interrupted", exitCode };
  if (status === undefined && error !== null && !failed) {
    if (REFUSED.test(error)) return { reason: "denied", exitCode: null };
    if (CANCELLED.test(error)) return { reason: "unknown", exitCode: null };
  }
  return failed || status === "error" || error !== null ? { reason: "failed", exitCode } : null;
}
