import type { ConversationBlock, ConversationMessage } from "../../domain/conversation.ts";
import { isObject, type JsonObject, name, object, text } from "../../text/json.ts";
import { parseTime } from "../../time/iso_time.ts";
import { callBlock, shownText, textBlocks } from "../conversation_blocks.ts";
import { hashUuid } from "../message_hash.ts";
import { outputOf, promptOf } from "./events.ts";

type Message = Omit<ConversationMessage, "place">;

/** The message of a record, as a page shows it; null if it has none. */
export function messageOf(record: JsonObject): Message | null {
  const data = object(record.data);
  const id = text(record.id);
  const message: Message = {
    message: id === null ? 0 : hashUuid(id),
    at: parseTime(record.timestamp),
    role: "system",
    model: null,
    subagent: name(record.agentId) ?? name(data.parentToolCallId),
    blocks: [],
  };
  switch (record.type) {
    case "user.message": {
      const isPrompt = promptOf(data) !== null;
      const blocks = textBlocks(isPrompt ? "text" : "notice", data.content);
      return shown({ ...message, role: "user", blocks });
    }
    case "assistant.message":
      return shown({
        ...message,
        role: "assistant",
        model: name(data.model),
        blocks: [
          ...textBlocks("thinking", data.reasoningText),
          ...textBlocks("text", data.content),
          ...callBlocks(data.toolRequests),
        ],
      });
    case "tool.execution_complete":
      return shown({ ...message, role: "user", blocks: resultBlocks(data) });
    case "session.compaction_complete":
      return shown({ ...message, blocks: textBlocks("notice", data.summaryContent) });
    case "abort":
      return shown({ ...message, blocks: textBlocks("notice", "Interrupted by the user.") });
    default:
      return null;
  }
}

function shown(message: Message): Message | null {
  return message.blocks.length === 0 ? null : message;
}

function callBlocks(requests: unknown): ConversationBlock[] {
  if (!Array.isArray(requests)) return [];
  return requests.filter(isObject).flatMap((request): ConversationBlock[] => {
    const call = name(request.toolCallId);
    if (call === null) return [];
    const args = typeof request.arguments === "string"
      ? { patch: request.arguments }
      : request.arguments;
    return [callBlock(call, name(request.name) ?? "", args)];
  });
}

function resultBlocks(data: JsonObject): ConversationBlock[] {
  const call = name(data.toolCallId);
  if (call === null) return [];
  const { exitCode } = object(data.shellExecution);
  const edited = Array.isArray(data.fileEdits) && data.fileEdits.length > 0;
  const diff = edited ? text(object(data.result).detailedContent) : null;
  return [{
    kind: "result",
    call,
    text: shownText(outputOf(data.result) || (text(object(data.error).message) ?? "")),
    failed: data.success !== true || typeof exitCode === "number" && exitCode !== 0,
    diff: diff === null ? null : shownText(diff),
  }];
}
