import type {
  ConversationBlock,
  ConversationMessage,
  MessagePage,
  MessagePlace,
} from "../../domain/conversation.ts";
import { clip } from "../../text/clip.ts";
import { isObject, type JsonObject, name, object, path, text } from "../../text/json.ts";
import { parseTime } from "../../time/iso_time.ts";
import { readRecords, type RecordPlace } from "../jsonl/append_log.ts";
import { CALL_TYPES, commandText, OUTPUT_TYPES, readCall, readOutput } from "./calls.ts";
import { contentText, identityOf, idOf, promptOf } from "./messages.ts";
import { CopiedHead, type Header, readHeader } from "./session_meta.ts";

/** The most characters of one block that are shown. */
const MAX_SHOWN = 100_000;

/**
 * A part of the conversation that a rollout holds: a fork's own, a subagent's own.
 *
 * @param at Where to begin: an offset, and the model that spoke last before it.
 */
export function readConversation(
  file: string,
  at: MessagePlace | null,
  limit: number,
): MessagePage {
  const [, offset, model] = /^(\d{1,15}) (.*)$/.exec(at ?? "0 ") ?? [];
  const page: MessagePage = { messages: [], next: null };
  if (offset === undefined) return page;
  const reading = new ConversationReading(name(model));
  if (Number(offset) > 0) {
    readRecords(file, 0, (record, place) => {
      reading.message(record, place);
      return reading.header === null && place.offset < Number(offset);
    });
    reading.inOwnPart();
  }
  readRecords(file, Number(offset), (record, place) => {
    const { model } = reading;
    const message = reading.message(record, place);
    if (message === null) return true;
    if (page.messages.length === limit) {
      page.next = `${place.offset} ${model ?? ""}`;
      return false;
    }
    page.messages.push(message);
    return true;
  });
  return page;
}

/** What a message says, and what it is known by. */
interface Said {
  id: string;
  part?: "call" | "output";
  role: ConversationMessage["role"];
  blocks: ConversationBlock[];
}

class ConversationReading {
  header: Header | null = null;
  model: string | null;
  #head: CopiedHead | null = null;
  #cwd: string | null = null;

  constructor(model: string | null) {
    this.model = model;
  }

  /** The records that follow are not copied from a parent. */
  inOwnPart(): void {
    this.#head = null;
  }

  /** The message that a record holds; null if it holds none. */
  message(record: JsonObject, place: RecordPlace): ConversationMessage | null {
    const payload = isObject(record.payload) ? record.payload : record;
    const bare = payload === record;
    const at = parseTime(record.timestamp) ?? (bare ? this.header?.at ?? null : null);
    if (at === null) return null;
    if (this.header === null) {
      this.header = readHeader(payload, at);
      this.#head = this.header && new CopiedHead(this.header, this.header.copies ? at : null);
      this.#cwd = path(payload.cwd);
      return null;
    }
    if (record.type === "session_meta" && payload.id !== this.header.thread) {
      this.#head = new CopiedHead(this.header, at);
    }
    if (this.#head?.holds(payload, at)) return null;
    if (record.type === "turn_context") {
      this.model = name(payload.model) ?? this.model;
      this.#cwd = path(payload.cwd) ?? this.#cwd;
    }
    const said = record.type === "event_msg"
      ? sayEvent(payload, at)
      : record.type === "response_item" || bare
      ? this.#sayItem(payload, bare ? place : null)
      : null;
    if (said === null || said.blocks.length === 0) return null;
    return {
      place: `${place.offset} ${this.model ?? ""}`,
      message: identityOf(this.header.thread, said.id, said.part),
      at,
      role: said.role,
      model: said.role === "assistant" ? this.model : null,
      subagent: this.header.subagent,
      blocks: said.blocks,
    };
  }

  /** Calls and their outputs; of bare records prompts and answers too. */
  #sayItem(item: JsonObject, bare: RecordPlace | null): Said | null {
    if (CALL_TYPES.has(item.type)) {
      const call = readCall(item, this.#cwd);
      if (call === null) return null;
      const title = lineOf(call.commands[0]?.command ?? patched(call.patch) ?? call.input);
      const input = clip(call.input, MAX_SHOWN);
      const block: ConversationBlock = {
        kind: "call",
        call: call.id,
        tool: call.tool,
        title,
        input,
      };
      return { id: call.id, part: "call", role: "assistant", blocks: [block] };
    }
    if (OUTPUT_TYPES.has(item.type)) {
      const id = name(item.call_id);
      if (id === null) return null;
      const outcome = readOutput(item.output);
      const failed = outcome.kind === "aborted" || outcome.kind === "refused" ||
        outcome.kind === "ended" && (outcome.exitCode ?? 0) !== 0;
      return {
        id,
        part: "output",
        role: "assistant",
        blocks: [result(id, outcome.output, failed)],
      };
    }
    if (bare === null || item.type !== "message") return null;
    const id = name(item.id) ?? `record ${bare.offset}`;
    return item.role === "user" || item.role === "assistant"
      ? say(id, item.role, contentText(item.content))
      : null;
  }
}

/** Prompts, answers and edits, whichever kind of event a version records them by. */
function sayEvent(event: JsonObject, at: number): Said | null {
  const said = text(event.message) ?? "";
  switch (event.type) {
    case "user_message":
      return say(idOf("user", at, said), "user", said);
    case "agent_message":
      return say(idOf("agent", at, said), "assistant", said);
    case "agent_reasoning":
      return think(`reasoning ${at}`, text(event.text));
    case "patch_apply_end":
      return showEdit(name(event.call_id), event.changes);
    case "turn_aborted":
      return note(`aborted ${at}`, "Interrupted");
    case "context_compacted":
      return note(`compacted ${at}`, "Conversation compacted");
    case "item_completed":
      return sayCompleted(object(event.item));
    default:
      return null;
  }
}

function sayCompleted(item: JsonObject): Said | null {
  const id = name(item.id);
  if (id === null) return null;
  switch (item.type) {
    case "UserMessage":
      return say(id, "user", contentText(item.content));
    case "AgentMessage":
      return say(id, "assistant", contentText(item.content));
    case "Reasoning":
      return think(
        id,
        Array.isArray(item.summary_text)
          ? text(item.summary_text.filter((part) => typeof part === "string").join("\n\n"))
          : null,
      );
    case "ContextCompaction":
      return note(id, "Conversation compacted");
    case "FileChange":
      return showEdit(id, item.changes);
    case "CommandExecution": {
      // Others have a call and an output of their own.
      if (!id.startsWith("exec-")) return null;
      const command = commandText(item.command) ?? "";
      const call: ConversationBlock = {
        kind: "call",
        call: id,
        tool: "exec_command",
        title: lineOf(command),
        input: clip(command, MAX_SHOWN),
      };
      const failed = item.status === "failed" || item.status === "declined";
      const blocks = [call, result(id, text(item.aggregated_output) ?? "", failed)];
      return { id, part: "output", role: "assistant", blocks };
    }
    default:
      return null;
  }
}

function say(id: string, role: "user" | "assistant", said: string): Said {
  const shown = role === "user" ? promptOf(said) : text(said.trim());
  const blocks: ConversationBlock[] = shown === null
    ? []
    : [{ kind: "text", text: clip(shown, MAX_SHOWN) }];
  return { id, role, blocks };
}

function think(id: string, thought: string | null): Said | null {
  if (thought === null) return null;
  return { id, role: "assistant", blocks: [{ kind: "thinking", text: clip(thought, MAX_SHOWN) }] };
}

function note(id: string, said: string): Said {
  return { id, role: "system", blocks: [{ kind: "notice", text: said }] };
}

function result(call: string, output: string, failed: boolean): ConversationBlock {
  return { kind: "result", call, text: clip(output, MAX_SHOWN), failed, diff: null };
}

function showEdit(call: string | null, changes: unknown): Said | null {
  const diff = Object.entries(object(changes)).map(([file, change]) => diffOf(file, object(change)))
    .join("");
  if (call === null || diff === "") return null;
  const block: ConversationBlock = {
    kind: "result",
    call,
    text: "",
    failed: false,
    diff: clip(diff, MAX_SHOWN),
  };
  return { id: call, part: "output", role: "assistant", blocks: [block] };
}

/** A file's change as a unified diff. */
function diffOf(file: string, spelled: JsonObject): string {
  const [[kind, inner] = ["", {}]] = typeof spelled.type === "string"
    ? [[spelled.type, spelled] as const]
    : Object.entries(spelled);
  const change = object(inner);
  const content = text(change.content);
  if (kind === "update") {
    const target = path(change.move_path) ?? file;
    return `--- ${file}\n+++ ${target}\n${text(change.unified_diff) ?? ""}`;
  }
  if (content === null || kind !== "add" && kind !== "delete") return "";
  const lines = content.replace(/\n$/, "").split("\n");
  const [sign, before, after] = kind === "add"
    ? ["+", "/dev/null", file]
    : ["-", file, "/dev/null"];
  const range = `1,${lines.length}`;
  const hunk = kind === "add" ? `@@ -0,0 +${range} @@` : `@@ -${range} +0,0 @@`;
  return `--- ${before}\n+++ ${after}\n${hunk}\n${
    lines.map((line) => `${sign}${line}\n`).join("")
  }`;
}

/** The files that a patch in the model's notation names. */
function patched(patch: string | null): string | null {
  if (patch === null) return null;
  const files = [
    ...patch.slice(0, MAX_SHOWN).matchAll(/^\*\*\* (?:Add|Delete|Update) File: (.+)$/gm),
  ];
  return text(files.map(([, file]) => file.trim()).join(", "));
}

/** One line, for a heading. */
function lineOf(input: string): string {
  const line = input.slice(0, 1_000).split("\n").find((line) => line.trim() !== "") ?? "";
  return clip(line.trim(), 200).toWellFormed();
}
