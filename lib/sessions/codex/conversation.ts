import type {
  ConversationBlock,
  ConversationMessage,
  MessagePage,
  MessagePlace,
} from "../../domain/conversation.ts";
import type { SessionId } from "../../domain/ids.ts";
import { isObject, type JsonObject, name, object, path, text } from "../../text/json.ts";
import { parseTime } from "../../time/iso_time.ts";
import { callBlock, contentText, shownText, textBlocks } from "../conversation_blocks.ts";
import { readRecords, type RecordPlace } from "../jsonl/append_log.ts";
import { readLogPage } from "../jsonl/log_page.ts";
import { CALL_TYPES, commandText, OUTPUT_TYPES, readCall, readOutput } from "./calls.ts";
import { identityOf, idOf, promptOf } from "./messages.ts";
import { CopiedHead, type Header, readHeader } from "./session_meta.ts";

/**
 * A part of the conversation that a rollout holds: a fork's own, a subagent's own. A place is one in the log, and the
 * model that spoke last before it.
 */
export function readConversation(
  file: string,
  session: SessionId,
  at: MessagePlace | null,
  limit: number,
): MessagePage {
  const [, place = "", model] = /^(\S+)(?: ([^]+))?$/.exec(at ?? "") ?? [];
  const reading = new ConversationReading(name(model));
  if (at !== null) {
    readRecords(file, 0, (record, place) => {
      reading.message(record, place);
      return reading.header === null;
    });
    reading.inOwnPart();
  }
  const models: (string | null)[] = [];
  const page = readLogPage(file, at === null ? null : place, limit, (record, place) => {
    const message = reading.message(record, place);
    if (message === null || reading.header?.session !== session) return null;
    models.push(reading.model);
    return message;
  });
  const placed = (place: MessagePlace, i: number) =>
    models[i] === null ? place : `${place} ${models[i]}`;
  return {
    messages: page.messages.map((message, i) => ({ ...message, place: placed(message.place, i) })),
    next: page.next === null ? null : placed(page.next, page.messages.length),
  };
}

type Message = Omit<ConversationMessage, "place">;

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
  message(record: JsonObject, place: RecordPlace): Message | null {
    const bare = !isObject(record.payload);
    const payload = bare ? record : object(record.payload);
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
      const block = callBlock(call.id, call.tool, call.input);
      const files = call.commands.length === 0 ? patched(call.patch) : null;
      const blocks = [files === null ? block : { ...block, title: files }];
      return { id: call.id, part: "call", role: "assistant", blocks };
    }
    if (OUTPUT_TYPES.has(item.type)) {
      const id = name(item.call_id);
      if (id === null) return null;
      const outcome = readOutput(item.output);
      const failed = outcome.kind === "aborted" || outcome.kind === "refused" ||
        outcome.kind === "ended" && (outcome.exitCode ?? 0) !== 0;
      const blocks = [result(id, outcome.output, failed)];
      return { id, part: "output", role: "assistant", blocks };
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
      return think(`reasoning ${at}`, event.text);
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
      return think(id, Array.isArray(item.summary_text) ? item.summary_text.join("\n\n") : null);
    case "ContextCompaction":
      return note(id, "Conversation compacted");
    case "FileChange":
      return showEdit(id, item.changes);
    case "CommandExecution": {
      if (!isNested(id)) return null;
      const call = callBlock(id, "exec_command", { command: commandText(item.command) });
      const failed = item.status === "failed" || item.status === "declined";
      const blocks = [call, result(id, text(item.aggregated_output) ?? "", failed)];
      return { id, part: "output", role: "assistant", blocks };
    }
    default:
      return null;
  }
}

/** Whether a program of code mode made the call: others have a record of their own, and one of their output. */
function isNested(call: string): boolean {
  return call.startsWith("exec-");
}

function say(id: string, role: "user" | "assistant", said: string): Said {
  const shown = role === "user" ? promptOf(said) : said.trim();
  return { id, role, blocks: textBlocks("text", shown) };
}

function think(id: string, thought: unknown): Said {
  return { id, role: "assistant", blocks: textBlocks("thinking", thought) };
}

function note(id: string, said: string): Said {
  return { id, role: "system", blocks: textBlocks("notice", said) };
}

function result(call: string, output: string, failed: boolean): ConversationBlock {
  return { kind: "result", call, text: shownText(output), failed, diff: null };
}

function showEdit(call: string | null, changes: unknown): Said | null {
  const files = Object.keys(object(changes));
  const diff = files.map((file) => diffOf(file, object(object(changes)[file]))).join("");
  if (call === null || diff === "") return null;
  const block = { kind: "result" as const, call, text: "", failed: false, diff: shownText(diff) };
  const blocks = isNested(call)
    ? [{ ...callBlock(call, "apply_patch", {}), title: files.slice(0, 8).join(", ") }, block]
    : [block];
  return { id: call, part: "output", role: "assistant", blocks };
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
  const added = kind === "add";
  const [before, after] = added ? ["/dev/null", file] : [file, "/dev/null"];
  const hunk = added ? `@@ -0,0 +1,${lines.length} @@` : `@@ -1,${lines.length} +0,0 @@`;
  const body = lines.map((line) => `${added ? "+" : "-"}${line}\n`).join("");
  return `--- ${before}\n+++ ${after}\n${hunk}\n${body}`;
}

/** The files that a patch in the model's notation names. */
function patched(patch: string | null): string | null {
  if (patch === null) return null;
  const heading = /^\*\*\* (?:Add|Delete|Update) File: (.+)$/gm;
  const files = [...shownText(patch).matchAll(heading)].map(([, file]) => file.trim());
  return text(files.slice(0, 8).join(", "));
}
