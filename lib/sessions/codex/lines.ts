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
  /** A call that runs a command. */
  | "call"
  /** Counts of tokens. */
  | "tokens"
  /** Anything else, or a line that Codex would not have spelled so. */
  | "other";

const TIME = '{"timestamp":"';
const ORDINAL = '","ordinal":';
const TYPE = '"type":"';
const ITEM = 'response_item","payload":{"type":"';
const EVENT = 'event_msg","payload":{"type":"';
const COMPLETED = '"item":{"type":"';
const CALL_ID = '"call_id":"';
const RUNS = '"name":"exec_command","arguments":"';
const PATCH = '","name":"apply_patch","input":"*** Begin Patch';

/** How far into a record its call's name stands: an id may come before. */
const MAX_NAME = 200;

const QUOTE = code('"');
const BRACE = code("}");

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
  /** What a call that runs a command was called with, as it is spelled: JSON in a string of JSON. */
  args = "";

  /** The line's time, Unix milliseconds; null if it is spelled otherwise. */
  get at(): number | null {
    return this.#times.at(this.#text, this.#time);
  }

  /** Tells what a line is that stands at [start, end) of a text. */
  read(text: string, start: number, end: number): LineKind {
    if (text.charCodeAt(end - 1) !== BRACE || text.charCodeAt(end - 2) !== BRACE) return "other";
    if (!text.startsWith(TIME, start)) return "other";
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
    switch (text.charCodeAt(type)) {
      case code("r"):
        return text.startsWith(ITEM, type) ? this.#item(text, type + ITEM.length, end) : "other";
      case code("e"):
        return text.startsWith(EVENT, type) ? this.#event(text, type + EVENT.length, end) : "other";
      case code("t"):
        return uselessIf(isNamed(text, type, "token_usage_record"));
      case code("w"):
        return uselessIf(isNamed(text, type, "world_state"));
      case code("c"):
        return uselessIf(isNamed(text, type, "compacted"));
      case code("i"):
        return uselessIf(text.startsWith("inter_agent_communication", type));
      default:
        return "other";
    }
  }

  /** Of the response items, the text of messages stands in an event too, or is the program's own. */
  #item(text: string, at: number, end: number): LineKind {
    switch (text.charCodeAt(at)) {
      case code("r"):
        return uselessIf(isNamed(text, at, "reasoning"));
      case code("m"):
        return uselessIf(isNamed(text, at, "message"));
      case code("a"):
        return uselessIf(
          isNamed(text, at, "agent_message") || isNamed(text, at, "additional_tools"),
        );
      case code("f"):
        if (isNamed(text, at, "function_call")) return this.#commandCall(text, at, end);
        if (!isNamed(text, at, "function_call_output")) return "other";
        this.#callId(text, at, end);
        return "output";
      case code("c"): {
        const after = this.#callId(text, at, end);
        if (isNamed(text, at, "custom_tool_call_output")) return "output";
        return isNamed(text, at, "custom_tool_call") && text.startsWith(PATCH, after)
          ? "patch"
          : "other";
      }
      default:
        return "other";
    }
  }

  #event(text: string, at: number, end: number): LineKind {
    switch (text.charCodeAt(at)) {
      case code("i"): {
        if (!isNamed(text, at, "item_completed")) return "other";
        const item = text.indexOf(COMPLETED, at) + COMPLETED.length;
        if (item < at || item > end) return "other";
        if (isNamed(text, item, "Reasoning")) return "useless";
        if (!text.startsWith('CommandExecution","id":"', item)) return "other";
        const id = item + 'CommandExecution","id":"'.length;
        this.call = text.slice(id, text.indexOf('"', id));
        return "command";
      }
      case code("e"):
        if (!isNamed(text, at, "exec_command_end")) return "other";
        this.#callId(text, at, end);
        return "command";
      case code("a"):
        return uselessIf(isNamed(text, at, "agent_reasoning"));
      case code("t"):
        if (isNamed(text, at, "token_count")) return "tokens";
        return uselessIf(isNamed(text, at, "thread_settings_applied"));
      default:
        return "other";
    }
  }

  /** A call that runs a command names itself after its arguments. */
  #commandCall(text: string, at: number, end: number): LineKind {
    const named = text.slice(at, at + MAX_NAME).indexOf(RUNS);
    if (named < 0) return "other";
    const args = at + named + RUNS.length;
    const id = text.lastIndexOf(CALL_ID, end) + CALL_ID.length;
    if (id < args) return "other";
    this.args = text.slice(args, id - CALL_ID.length);
    this.call = text.slice(id, text.indexOf('"', id));
    return "call";
  }

  /** Notes the id of the call that stands before anything long, and says where it ends. */
  #callId(text: string, from: number, end: number): number {
    const at = text.indexOf(CALL_ID, from) + CALL_ID.length;
    const after = text.indexOf('"', at);
    this.call = at > from && after < end ? text.slice(at, after) : "";
    return after;
  }
}

function uselessIf(known: boolean): LineKind {
  return known ? "useless" : "other";
}

function isNamed(text: string, at: number, name: string): boolean {
  return text.charCodeAt(at + name.length) === QUOTE && text.startsWith(name, at);
}

function isDigit(char: number): boolean {
  return char >= 48 && char <= 57;
}

function code(char: string): number {
  return char.charCodeAt(0);
}
