import type {
  ConversationBlock,
  ConversationMessage,
  MessagePage,
} from "../../domain/conversation.ts";
import type { SessionId } from "../../domain/ids.ts";
import { type JsonObject, name, object, text } from "../../text/json.ts";
import { parseTime } from "../../time/iso_time.ts";
import { textBlocks } from "../conversation_blocks.ts";
import { blocksOf, partsOf, resultBlock, userBlocks } from "../gemini_base/contents.ts";
import { readLogPage } from "../jsonl/log_page.ts";
import { outcomeOf } from "./outcome.ts";
import { type SessionFile, sessionFileOf } from "./paths.ts";
import { contextOf, sessionOf, userCommandId, userPartsOf } from "./records.ts";

/** A part of a session's conversation; its places are offsets in the file. */
export function readConversation(
  path: string,
  session: SessionId,
  at: string | null,
  limit: number,
): MessagePage {
  const file = sessionFileOf(path);
  return readLogPage(
    path,
    at,
    limit,
    (record) => sessionOf(record, file) === session ? messageOf(record, file) : null,
  );
}

function messageOf(
  record: JsonObject,
  file: SessionFile,
): Omit<ConversationMessage, "place"> | null {
  const at = parseTime(record.timestamp);
  const { message, subagent } = contextOf(record, file, at ?? 0);
  const shown = { message, at, subagent, model: name(record.model) };
  const [role, blocks] = blocksOfRecord(record);
  return blocks.length === 0 ? null : { ...shown, role, blocks };
}

function blocksOfRecord(record: JsonObject): [ConversationMessage["role"], ConversationBlock[]] {
  const parts = partsOf(object(record.message).parts);
  switch (record.type) {
    case "user":
      return ["user", userBlocks(userPartsOf(record), userCommandId(record))];
    case "assistant":
      return ["assistant", blocksOf(parts)];
    case "tool_result":
      return ["user", parts.flatMap((part) => resultBlocks(record, object(part.functionResponse)))];
    case "system": {
      const compressed = record.subtype === "chat_compression";
      return ["system", compressed ? textBlocks("notice", "The conversation was compressed.") : []];
    }
    default:
      return ["system", []];
  }
}

function resultBlocks(record: JsonObject, answer: JsonObject): ConversationBlock[] {
  const call = name(answer.id);
  if (call === null) return [];
  const result = object(record.toolCallResult);
  const response = object(answer.response);
  const { failure, output } = outcomeOf(response, result);
  const diff = text(object(result.resultDisplay).fileDiff);
  const told = output || text(response.error) || "";
  return [resultBlock(call, { text: told, failed: failure !== null, diff })];
}
