import { TIME_LENGTH } from "../../time/iso_time.ts";

const TIME = '{"timestamp":"';
const ORDINAL = ',"ordinal":';
const TYPE = ',"type":"';
const PAYLOAD = '","payload":{"type":"';
const ITEM = '"item":{"type":"';
const CALL_ID = '"call_id":"';

/** Records of no use, by their type. */
const USELESS = ["world_state", "token_usage_record", "compacted", "inter_agent_communication"];
/** Those among the response items: their text stands in an event, or is the program's own. */
const USELESS_ITEMS = ["message", "reasoning", "agent_message", "additional_tools"];
const USELESS_EVENTS = ["agent_reasoning", "thread_settings_applied", "item_started"];

/**
 * Tells from the head of a line, as Codex spells it, that it is of no use; two thirds of a rollout are. A line that is
 * spelled otherwise is parsed.
 *
 * @param isDone Whether all that matters of a call was recorded: its output says it again.
 */
export function passesOver(
  text: string,
  start: number,
  end: number,
  isDone: (call: string) => boolean,
): boolean {
  // A line may hold several records, if writing one was cut short.
  if (!text.startsWith(TIME, start) || text.lastIndexOf(TIME, end) !== start) return false;
  let at = start + TIME.length + TIME_LENGTH + 1;
  if (text.startsWith(ORDINAL, at)) {
    at += ORDINAL.length;
    while (isDigit(text.charCodeAt(at))) at++;
  }
  if (!text.startsWith(TYPE, at)) return false;
  at += TYPE.length;
  if (text.startsWith("response_item", at)) {
    at += "response_item".length;
    if (!text.startsWith(PAYLOAD, at)) return false;
    at += PAYLOAD.length;
    if (USELESS_ITEMS.some((type) => isNamed(text, at, type))) return true;
    const output = isNamed(text, at, "function_call_output") ||
      isNamed(text, at, "custom_tool_call_output");
    return output && isDone(callId(text, at, end));
  }
  if (text.startsWith("event_msg", at)) {
    at += "event_msg".length;
    if (!text.startsWith(PAYLOAD, at)) return false;
    at += PAYLOAD.length;
    if (isNamed(text, at, "item_completed")) {
      const item = text.indexOf(ITEM, at);
      return item > 0 && item < end && isNamed(text, item + ITEM.length, "Reasoning");
    }
    return USELESS_EVENTS.some((type) => isNamed(text, at, type));
  }
  return USELESS.some((type) => text.startsWith(type, at));
}

function isNamed(text: string, at: number, name: string): boolean {
  return text.startsWith(name, at) && text.charCodeAt(at + name.length) === QUOTE;
}

/** The id of the call that an output is of, which stands before the output. */
function callId(text: string, from: number, end: number): string {
  const at = text.indexOf(CALL_ID, from) + CALL_ID.length;
  return at > from && at < end ? text.slice(at, text.indexOf('"', at)) : "";
}

const QUOTE = 34;

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
