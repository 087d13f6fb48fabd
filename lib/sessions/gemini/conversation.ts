import type {
  ConversationBlock,
  ConversationMessage,
  MessagePage,
} from "../../domain/conversation.ts";
import type { SessionId } from "../../domain/ids.ts";
import { sessionIdOf } from "../message_hash.ts";
import { isObject, type JsonObject, name, object, text } from "../../text/json.ts";
import { parseTime } from "../../time/iso_time.ts";
import { callBlock, textBlocks } from "../conversation_blocks.ts";
import { blocksOf, partsOf, resultBlock, userBlocks } from "../gemini_base/contents.ts";
import { readShellText } from "../gemini_base/results.ts";
import { readDocument } from "../json_document.ts";
import { readRecords } from "../jsonl/append_log.ts";
import { answerOf, outcomeOf } from "./outcome.ts";
import { type SessionFile, sessionFileOf } from "./paths.ts";
import { hashMessageId, opensHistory } from "./records.ts";

const PLACE = /^(\d{1,15}):(\d{1,9})$/;

/** Takes up a record and where it stands, and says whether to go on. */
type TakeRecord = (record: JsonObject, offset: number) => boolean;

/**
 * A part of a session's conversation. What was rewound stays in it; what is only written again is left out. A place is a
 * record's offset in the file and a message's index in the record.
 */
export function readConversation(
  path: string,
  session: SessionId,
  at: string | null,
  limit: number,
): MessagePage {
  const place = PLACE.exec(at ?? "0:0");
  const file = sessionFileOf(path);
  const page = new Page(file, session, limit);
  if (place === null || sessionOf(path, file) !== session) return page.end();
  const [, offset, first] = place.map(Number);
  const read: TakeRecord = (record, at) => page.record(record, at, at === offset ? first : 0);
  if (!file.isDocument) readRecords(path, offset, (record, place) => read(record, place.offset));
  else if (offset === 0) readWhole(path, (document) => read(document, 0));
  return page.end();
}

/** The session that a file is of. */
function sessionOf(path: string, file: SessionFile): SessionId | null {
  if (file.parent !== null) return file.parent;
  let session: SessionId | null = null;
  const take = (record: JsonObject) => {
    session = sessionIdOf(record.sessionId) ?? sessionIdOf(object(record.$set).sessionId);
    return session === null;
  };
  if (file.isDocument) readWhole(path, take);
  else readRecords(path, 0, take);
  return session;
}

function readWhole(path: string, take: (document: JsonObject) => unknown): void {
  const document = readDocument(path);
  if (document !== null) take(document);
}

/** Gathers a page's messages. The last one is held back, because it may be written again with more. */
class Page {
  readonly #file: SessionFile;
  readonly #session: SessionId;
  readonly #limit: number;
  readonly #messages: ConversationMessage[] = [];
  #held: { id: string; message: ConversationMessage } | null = null;
  #repeats = false;

  constructor(file: SessionFile, session: SessionId, limit: number) {
    this.#file = file;
    this.#session = session;
    this.#limit = Math.max(1, limit);
  }

  /** Takes up a record's messages from an index on, and says whether the page has room. */
  record(record: JsonObject, offset: number, first: number): boolean {
    if (typeof record.id === "string") {
      this.#message(record, `${offset}:0`);
    } else if (Array.isArray(object(record.$set).messages)) {
      this.#repeats = false;
    } else if (typeof record.sessionId === "string" && Array.isArray(record.messages)) {
      for (let i = first; i < record.messages.length && this.#hasRoom(); i++) {
        if (isObject(record.messages[i])) this.#message(record.messages[i], `${offset}:${i}`);
      }
    }
    return this.#hasRoom();
  }

  end(): MessagePage {
    this.#flush();
    const next = this.#messages.length > this.#limit ? this.#messages[this.#limit].place : null;
    return { messages: this.#messages.slice(0, this.#limit), next };
  }

  #hasRoom(): boolean {
    return this.#messages.length <= this.#limit;
  }

  #message(record: JsonObject, place: string): void {
    const id = name(record.id);
    if (id === null) return;
    if (record.type === "user" && opensHistory(record)) this.#repeats = true;
    else if (name(record.model) !== null) this.#repeats = false;
    if (this.#repeats && !Array.isArray(record.toolCalls)) return;
    const held = this.#held?.id === id ? this.#held.message : null;
    const shown = shownMessage(record, held?.place ?? place);
    if (held === null) this.#flush();
    if (shown === null) return;
    const message = hashMessageId(this.#session, id);
    this.#held = { id, message: { ...shown, message, subagent: this.#file.subagent } };
  }

  #flush(): void {
    if (this.#held !== null) this.#messages.push(this.#held.message);
    this.#held = null;
  }
}

type Shown = Omit<ConversationMessage, "message" | "subagent">;

function shownMessage(record: JsonObject, place: string): Shown | null {
  const shown = { place, at: parseTime(record.timestamp), model: name(record.model) };
  const parts = partsOf(record.content);
  switch (record.type) {
    case "user": {
      const display = partsOf(record.displayContent);
      const blocks = userBlocks(display.length > 0 ? display : parts, name(record.id) ?? "");
      return blocks.length === 0 ? null : { ...shown, role: "user", blocks };
    }
    case "gemini": {
      const blocks = answerBlocks(record, parts);
      return blocks.length === 0 ? null : { ...shown, role: "assistant", blocks };
    }
    case "info":
    case "error":
    case "warning": {
      const said = parts.map((part) => text(part.text) ?? "").join("\n").trim();
      const blocks = textBlocks("notice", said);
      return blocks.length === 0 ? null : { ...shown, role: "system", blocks };
    }
    default:
      return null;
  }
}

function answerBlocks(record: JsonObject, parts: readonly JsonObject[]): ConversationBlock[] {
  const thoughts = Array.isArray(record.thoughts) ? record.thoughts : [];
  const thinking = thoughts.flatMap((thought): ConversationBlock[] => {
    const { subject, description } = object(thought);
    const said = [text(subject), text(description)].filter((line) => line !== null);
    return textBlocks("thinking", said.join("\n"));
  });
  const calls = Array.isArray(record.toolCalls) ? record.toolCalls.filter(isObject) : [];
  const said = blocksOf(parts).filter(({ kind }) =>
    !(kind === "thinking" && thinking.length > 0) && !(kind === "call" && calls.length > 0)
  );
  return [...thinking, ...said, ...calls.flatMap(callBlocks)];
}

function callBlocks(call: JsonObject): ConversationBlock[] {
  const id = name(call.id);
  const tool = name(call.name);
  if (id === null || tool === null) return [];
  const shell = tool === "run_shell_command";
  const { failure } = outcomeOf(call, shell ? "shell" : "other");
  const { output, error } = answerOf(call);
  const told = shell && output !== null ? readShellText(output).output : output ?? error ?? "";
  const diff = text(object(call.resultDisplay).fileDiff);
  return [
    callBlock(id, tool, call.args),
    resultBlock(id, { text: told, failed: failure !== null, diff }),
  ];
}
