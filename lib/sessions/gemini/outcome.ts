import type { FailureDetail } from "../../domain/session_events.ts";
import { isObject, type JsonObject, object, text } from "../../text/json.ts";
import type { CallOutcome, MadeCall } from "../gemini_base/calls.ts";
import { partsOf } from "../gemini_base/contents.ts";
import { gridText, readShellText } from "../gemini_base/results.ts";

const REFUSED = /User denied execution|User cancelled operation/;
const DENIED = /denied by policy/i;
/** Said only of calls that ran. Other reasons are given for calls that were still waiting, too. */
const STOPPED = /User cancelled tool execution|^\[Operation Cancelled\] Operation cancelled\.$/;

/** What the model was told of a call: its output or its error. */
export function answerOf(call: JsonObject): { output: string | null; error: string | null } {
  const responses = typeof call.result === "string"
    ? [{ response: { output: call.result } }]
    : partsOf(call.result).map((part) => object(part.functionResponse));
  // When history is written again, each call of a turn has the responses to all of them.
  const own = responses.find(({ id }: JsonObject) => id === call.id) ?? responses[0];
  const response = object(object(own).response);
  return { output: text(response.output), error: text(response.error) };
}

/** The outcome of a call, from its record. */
export function outcomeOf(call: JsonObject, kind: MadeCall["kind"]): CallOutcome {
  const { output, error } = answerOf(call);
  const display = text(call.resultDisplay) ?? gridText(call.resultDisplay);
  switch (call.status) {
    case "cancelled": {
      const reason = cancellation(call, kind, error ?? "");
      const printed = output === null ? display ?? "" : readShellText(output).output;
      return { failure: { reason, exitCode: null }, output: printed };
    }
    case "error": {
      const reason = DENIED.test(error ?? display ?? "") ? "denied" : "failed";
      return { failure: { reason, exitCode: null }, output: display ?? "" };
    }
    default:
      return kind === "shell"
        ? shellOutcome(output, call.resultDisplay)
        : { failure: null, output: "" };
  }
}

function shellOutcome(told: string | null, shown: unknown): CallOutcome {
  const { output, exitCode, cutShort } = readShellText(told ?? "");
  const failure = cutShort
    ? { reason: "interrupted" as const, exitCode }
    : exitCode !== null && exitCode !== 0
    ? { reason: "failed" as const, exitCode }
    : null;
  // The model may be told less than the user was shown. A grid is no choice: it breaks lines at the screen's width.
  const whole = text(shown);
  return { failure, output: whole === null || output.length > whole.length ? output : whole };
}

function cancellation(
  call: JsonObject,
  kind: MadeCall["kind"],
  error: string,
): FailureDetail["reason"] {
  if (REFUSED.test(error)) return "denied";
  if (STOPPED.test(error)) return "interrupted";
  // An edit shows its texts while it waits for approval; a command shows what it has printed while it runs.
  const shown = call.resultDisplay;
  if (kind === "edit") return isObject(shown) ? "denied" : "unknown";
  return text(shown) !== null || Array.isArray(shown) ? "interrupted" : "unknown";
}
