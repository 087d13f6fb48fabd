import type { ConversationBlock, ConversationMessage } from "../../domain/conversation.ts";
import type { SessionId } from "../../domain/ids.ts";
import { isObject, type JsonObject, name, object, text } from "../../text/json.ts";
import { parseTime } from "../../time/iso_time.ts";
import { callBlock, contentText, shownText, textBlocks } from "../conversation_blocks.ts";
import { hashUuid } from "../message_hash.ts";

type Message = Omit<ConversationMessage, "place">;

/**
 * The message of a transcript's line, as a page shows it; null if it has none, or belongs to another session.
 *
 * @param file The subagent whose file it is, or null.
 */
export function messageOf(
  line: JsonObject,
  session: SessionId,
  file: string | null,
): Message | null {
  if (line.sessionId !== undefined && line.sessionId !== session) return null;
  const blocks = blocksOf(line);
  if (blocks.length === 0) return null;
  const uuid = text(line.uuid);
  const speaks = line.type === "user" || line.type === "assistant";
  return {
    message: uuid === null ? 0 : hashUuid(uuid),
    at: parseTime(line.timestamp),
    role: speaks ? line.type as "user" | "assistant" : "system",
    model: name(object(line.message).model),
    subagent: name(line.agentId) ?? file ?? (line.isSidechain === true ? "sidechain" : null),
    blocks,
  };
}

function blocksOf(line: JsonObject): ConversationBlock[] {
  switch (line.type) {
    case "user":
    case "assistant":
      if (line.isMeta === true || line.isVisibleInTranscriptOnly === true) return [];
      return contentBlocks(object(line.message).content, line.toolUseResult);
    case "summary":
      return textBlocks("notice", line.summary);
    case "system":
      return textBlocks("notice", line.content);
    default:
      return [];
  }
}

function contentBlocks(content: unknown, result: unknown): ConversationBlock[] {
  if (!Array.isArray(content)) return textBlocks("text", content);
  return content.filter(isObject).flatMap((block): ConversationBlock[] => {
    switch (block.type) {
      case "text":
        return textBlocks("text", block.text);
      case "thinking":
        return textBlocks("thinking", block.thinking);
      case "image":
        return [{ kind: "image", mediaType: name(object(block.source).media_type) }];
      case "tool_use":
        return [callBlock(name(block.id) ?? "", name(block.name) ?? "", block.input)];
      case "tool_result":
        return [{
          kind: "result",
          call: name(block.tool_use_id) ?? "",
          text: shownText(contentText(block.content)),
          failed: block.is_error === true,
          diff: diffOf(object(result)),
        }];
      default:
        return [];
    }
  });
}

/** The patch that a result records, as a unified diff of its file; null if it records none. */
function diffOf({ filePath, structuredPatch }: JsonObject): string | null {
  const path = text(filePath);
  if (path === null || !Array.isArray(structuredPatch) || structuredPatch.length === 0) return null;
  const hunks = structuredPatch.filter(isObject).map((hunk) => {
    const lines = Array.isArray(hunk.lines)
      ? hunk.lines.filter((line) => typeof line === "string")
      : [];
    const { oldStart, oldLines, newStart, newLines } = hunk;
    return `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@\n${lines.join("\n")}`;
  });
  return shownText(`--- ${path}\n+++ ${path}\n${hunks.join("\n")}\n`);
}
