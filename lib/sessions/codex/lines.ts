import { TIME_LENGTH, TimeReader } from "../../time/iso_time.ts";

/** What the head of a line tells of its record. */
export type LineKind =
  /** Nothing that is kept. */
  | "useless"
  /** The output of a call. */
  | "output"
  /** A command that ended. */
  | "command"
  /** A call that applies a patch. */
  | "patch"
  /** Anything else, or a line that Codex would not have spelled so. */
  | "other";

const TIME = '{"timestamp":"';
const ORDINAL = '","ordinal":';
const TYPE = '"type":"';
const ITEM = 'response_item","payload":{"type":"';
const EVENT = 'event_msg","payload":{"type":"';
const END = "}}";
const COMPLETED = '"item":{"type":"';
const COMMAND = 'CommandExecution","id":"';
const CALL_ID = '"call_id":"';
const PATCH = '","name":"apply_patch","input":"*** Begin Patch';

/** Records of no use, by their type. */
const USELESS = ["world_state", "token_usage_record", "compacted", "inter_agent_communication"];
/** Those among the response items: their text stands in an event too, or is the program's own. */
const USELESS_ITEMS = ["message", "reasoning", "agent_message", "additional_tools"];
const USELESS_EVENTS = ["agent_reasoning", "thread_settings_applied", "item_started"];

const QUOTE = 34;

/**
 * Reads the heads of lines as Codex spells them, so that those of which nothing more matters need not be parsed: most of
 * a rollout's bytes are what the program tells the model, and what commands print, twice.
 */
export class LineHeads {
  readonly #times = new TimeReader();
  #text = "";
  #time = 0;
  /** The id of the line's call, if it has one. */
  call = "";

  /** The line's time, Unix milliseconds; null if it is spelled otherwise. */
  get at(): number | null {
    return this.#times.at(this.#text, this.#time);
  }

  /** Tells what a line is that stands at [start, end) of a text. */
  read(text: string, start: number, end: number): LineKind {
    if (!text.startsWith(TIME, start) || !text.startsWith(END, end - END.length)) return "other";
    this.#text = text;
    this.#time = start + TIME.length;
    let at = this.#time + TIME_LENGTH;
    if (text.startsWith(ORDINAL, at)) {
      at += ORDINAL.length;
      while (isDigit(text.charCodeAt(at))) at++;
      at++;
    } else {
      at += 2;
    }
    if (!text.startsWith(TYPE, at)) return "other";
    const kind = this.#kind(text, at + TYPE.length, end);
    // A line may hold several records, if the writing of one was cut short.
    const next = kind === "other" ? -1 : text.indexOf(TIME, at);
    return next >= 0 && next < end ? "other" : kind;
  }

  #kind(text: string, type: number, end: number): LineKind {
    if (text.startsWith(ITEM, type)) {
      const at = type + ITEM.length;
      if (isOneOf(text, at, USELESS_ITEMS)) return "useless";
      if (text.startsWith("custom_tool_call", at)) {
        const after = this.#callId(text, at, end);
        if (isNamed(text, at, "custom_tool_call_output")) return "output";
        return text.startsWith(PATCH, after) ? "patch" : "other";
      }
      if (!isNamed(text, at, "function_call_output")) return "other";
      this.#callId(text, at, end);
      return "output";
    }
    if (text.startsWith(EVENT, type)) {
      const at = type + EVENT.length;
      if (isOneOf(text, at, USELESS_EVENTS)) return "useless";
      if (isNamed(text, at, "exec_command_end")) {
        this.#callId(text, at, end);
        return "command";
      }
      if (!isNamed(text, at, "item_completed")) return "other";
      const item = text.indexOf(COMPLETED, at) + COMPLETED.length;
      if (item < at || item > end) return "other";
      if (isNamed(text, item, "Reasoning")) return "useless";
      if (!text.startsWith(COMMAND, item)) return "other";
      const id = item + COMMAND.length;
      this.call = text.slice(id, text.indexOf('"', id));
      return "command";
    }
    return USELESS.some((name) => text.startsWith(name, type)) ? "useless" : "other";
  }

  /** Notes the id of the call that stands before anything long, and says where it ends. */
  #callId(text: string, from: number, end: number): number {
    const at = text.indexOf(CALL_ID, from) + CALL_ID.length;
    const after = text.indexOf('"', at);
    this.call = at > from && after < end ? text.slice(at, after) : "";
    return after;
  }
}

function isOneOf(text: string, at: number, names: readonly string[]): boolean {
  return names.some((name) => isNamed(text, at, name));
}

function isNamed(text: string, at: number, name: string): boolean {
  return text.startsWith(name, at) && text.charCodeAt(at + name.length) === QUOTE;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
