import type { ConversationBlock, ConversationMessage } from "../../domain/conversation.ts";
import type { SessionId } from "../../domain/ids.ts";
import { isObject, type JsonObject, name, object, text } from "../../text/json.ts";
import { parseTime } from "../../time/iso_time.ts";
import { callBlock, contentText, shownText, textBlocks } from "../conversation_blocks.ts";
import { type FileIdentity, messageHash } from "./collector.ts";
import { isPromptOrigin, queuedPrompt, readUserText } from "./messages.ts";

type Message = Omit<ConversationMessage, "place">;

/**
 * The message of a transcript's line, as a page shows it; null if it has none, or belongs to another session.
 *
 * @param file Whose file it is.
 */
export function messageOf(
  line: JsonObject,
  session: SessionId,
  file: FileIdentity,
): Message | null {
  if ((line.sessionId ?? file.session) !== session) return null;
  const data = object(line.data);
  // A subagent's message in its parent's progress; those told once more behind it have lines of their own.
  const inner = line.type === "progress" && data.type === "agent_progress";
  const holder = inner ? object(data.message) : line;
  const [role, blocks] = blocksOf(holder);
  if (blocks.length === 0) return null;
  const model = name(object(holder.message).model);
  return {
    message: messageHash(holder),
    at: parseTime(holder.timestamp),
    role,
    model: model === "<synthetic>" ? null : model,
    subagent: (inner ? name(data.agentId) ?? "sidechain" : name(line.agentId)) ?? file.subagent ??
      (line.isSidechain === true ? "sidechain" : null),
    blocks,
  };
}

function blocksOf(line: JsonObject): [ConversationMessage["role"], ConversationBlock[]] {
  const { content } = object(line.message);
  switch (line.type) {
    case "user":
      if (line.isCompactSummary === true) {
        return ["system", textBlocks("notice", contentText(content))];
      }
      if (line.isMeta === true || line.isVisibleInTranscriptOnly === true) return ["user", []];
      return isPromptOrigin(line.origin)
        ? ["user", userBlocks(line, content)]
        : ["system", noticeBlocks(contentText(content))];
    case "assistant":
      return ["assistant", answerBlocks(content)];
    case "attachment":
      return [
        "user",
        line.isMeta === true ? [] : textBlocks("text", queuedPrompt(line.attachment)),
      ];
    case "summary":
      return ["system", textBlocks("notice", line.summary)];
    case "pr-link":
      return ["system", textBlocks("notice", line.prUrl)];
    case "system":
      return ["system", line.isMeta === true ? [] : noticeBlocks(line.content)];
    default:
      return ["system", []];
  }
}

function answerBlocks(content: unknown): ConversationBlock[] {
  if (!Array.isArray(content)) return textBlocks("text", content);
  return content.filter(isObject).flatMap((block): ConversationBlock[] => {
    switch (block.type) {
      case "text":
        return textBlocks("text", block.text);
      case "thinking":
        return textBlocks("thinking", block.thinking);
      case "tool_use":
        return [callBlock(name(block.id) ?? "", name(block.name) ?? "", block.input)];
      default:
        return [];
    }
  });
}

function userBlocks(line: JsonObject, content: unknown): ConversationBlock[] {
  if (!Array.isArray(content)) return saidBlocks(line, content);
  const results = content.filter((block) => isObject(block) && block.type === "tool_result");
  const beside = results.length === 1 ? object(line.toolUseResult) : {};
  return content.filter(isObject).flatMap((block): ConversationBlock[] => {
    switch (block.type) {
      case "text":
        return saidBlocks(line, block.text);
      case "image":
        return [imageBlock(block)];
      case "tool_result":
        return resultBlocks(block, beside);
      default:
        return [];
    }
  });
}

/** What stands in the user's name: what was typed, and what Claude Code noted there. */
function saidBlocks({ uuid, parentUuid }: JsonObject, raw: unknown): ConversationBlock[] {
  if (typeof raw !== "string") return [];
  const said = readUserText(raw);
  switch (said.kind) {
    case "prompt":
      return textBlocks("text", said.text);
    case "slashCommand":
      return textBlocks("text", said.prompt ?? `/${said.name}`);
    case "shellInput":
      return [callBlock(name(uuid) ?? "", "Bash", { command: said.command })];
    case "shellOutput":
      return [{
        kind: "result",
        call: name(parentUuid) ?? "",
        text: shownText(said.output),
        failed: false,
        diff: null,
      }];
    case "other":
      return noticeBlocks(raw);
    default:
      return said satisfies never;
  }
}

const TAG = /<\/?[a-z][\w-]*>/g;
const SUMMARY = /<summary>([^<]+)<\/summary>/;

/** A note of the program's own, without its tags; of a task's notification, what it comes to. */
function noticeBlocks(raw: unknown): ConversationBlock[] {
  if (typeof raw !== "string") return [];
  return textBlocks("notice", (SUMMARY.exec(raw)?.[1] ?? raw.replace(TAG, " ")).trim());
}

function imageBlock(block: JsonObject): ConversationBlock {
  return { kind: "image", mediaType: name(object(block.source).media_type) };
}

function resultBlocks(block: JsonObject, beside: JsonObject): ConversationBlock[] {
  const images = Array.isArray(block.content)
    ? block.content.filter((one) => isObject(one) && one.type === "image")
    : [];
  const result: ConversationBlock = {
    kind: "result",
    call: name(block.tool_use_id) ?? "",
    text: shownText(contentText(block.content)),
    failed: block.is_error === true || beside.interrupted === true,
    diff: diffOf(beside),
  };
  return [result, ...images.map(imageBlock)];
}

/** What a result records of the files that changed, as a unified diff; null if it records nothing. */
function diffOf({ filePath, structuredPatch, bashEditDiff }: JsonObject): string | null {
  const { files } = object(bashEditDiff);
  const changed = Array.isArray(files)
    ? files.filter(isObject)
    : [{ filePath, hunks: structuredPatch }];
  const diffs = changed.map((file) => fileDiff(text(file.filePath), file.hunks));
  const diff = diffs.filter((one) => one !== null).join("");
  return diff === "" ? null : shownText(diff);
}

function fileDiff(path: string | null, hunks: unknown): string | null {
  if (path === null || !Array.isArray(hunks) || hunks.length === 0) return null;
  const shown = hunks.filter(isObject).map((hunk) => {
    const { oldStart, oldLines, newStart, newLines } = hunk;
    const lines = Array.isArray(hunk.lines)
      ? hunk.lines.filter((line) => typeof line === "string")
      : [];
    return `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@\n${lines.join("\n")}`;
  });
  return `--- ${path}\n+++ ${path}\n${shown.join("\n")}\n`;
}
