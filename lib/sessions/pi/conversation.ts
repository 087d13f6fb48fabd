import type { ConversationBlock, ConversationMessage } from "../../domain/conversation.ts";
import { isObject, type JsonObject, name, object } from "../../text/json.ts";
import { callBlock, contentText, shownText, textBlocks } from "../conversation_blocks.ts";
import { contextOf, userCommandId } from "./events.ts";

type Message = Omit<ConversationMessage, "place">;

/** The message of an entry, as a page shows it; null if it has none. */
export function messageOf(entry: JsonObject): Message | null {
  const context = contextOf(entry, null);
  const message: Message = {
    message: context?.message ?? 0,
    at: context?.at ?? null,
    role: "system",
    model: null,
    subagent: null,
    blocks: [],
  };
  if (entry.type === "compaction" || entry.type === "branch_summary") {
    return { ...message, blocks: textBlocks("notice", entry.summary) };
  }
  if (entry.type !== "message") return null;
  const said = object(entry.message);
  switch (said.role) {
    case "user":
      return { ...message, role: "user", blocks: contentBlocks(said.content) };
    case "assistant":
      return {
        ...message,
        role: "assistant",
        model: name(said.model),
        blocks: [...contentBlocks(said.content), ...textBlocks("notice", said.errorMessage)],
      };
    case "toolResult":
      return { ...message, role: "user", blocks: resultBlocks(said) };
    case "bashExecution":
      return { ...message, role: "user", blocks: userCommandBlocks(entry, said) };
    default:
      return null;
  }
}

function contentBlocks(content: unknown): ConversationBlock[] {
  if (!Array.isArray(content)) return textBlocks("text", content);
  return content.filter(isObject).flatMap((block): ConversationBlock[] => {
    switch (block.type) {
      case "text":
        return textBlocks("text", block.text);
      case "thinking":
        return textBlocks("thinking", block.thinking);
      case "image":
        return [{ kind: "image", mediaType: name(block.mimeType) }];
      case "toolCall":
        return [callBlock(name(block.id) ?? "", name(block.name) ?? "", block.arguments)];
      default:
        return [];
    }
  });
}

function resultBlocks(result: JsonObject): ConversationBlock[] {
  const call = name(result.toolCallId);
  if (call === null) return [];
  return [{
    kind: "result",
    call,
    text: shownText(contentText(result.content)),
    failed: result.isError === true,
    diff: null,
  }];
}

function userCommandBlocks(entry: JsonObject, said: JsonObject): ConversationBlock[] {
  const call = userCommandId(entry);
  if (call === null) return [];
  const { command, output, exitCode, cancelled } = said;
  return [callBlock(call, "bash", { command }), {
    kind: "result",
    call,
    text: typeof output === "string" ? shownText(output) : "",
    failed: cancelled === true || typeof exitCode === "number" && exitCode !== 0,
    diff: null,
  }];
}
