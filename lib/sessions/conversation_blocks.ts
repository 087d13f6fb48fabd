import type { ConversationBlock } from "../domain/conversation.ts";
import { isObject, type JsonObject, object, text } from "../text/json.ts";
import { clip } from "../text/clip.ts";

/** The longest text of a block, in characters: what is longer is cut. */
export const MAX_BLOCK = 262_144;
const MAX_TITLE = 300;

/** Which argument says in one line what a call is for, the first that there is. */
const TITLES = [
  "command",
  "file_path",
  "filePath",
  "path",
  "pattern",
  "query",
  "url",
  "description",
  "task",
  "prompt",
  "skill",
  "name",
];

/** A block of text, or none if there is nothing in it. */
export function textBlocks(
  kind: "text" | "thinking" | "notice",
  said: unknown,
): ConversationBlock[] {
  const shown = text(said);
  return shown === null ? [] : [{ kind, text: shownText(shown) }];
}

/** The block of a tool call. A shell command is shown as it was typed, other input as JSON. */
export function callBlock(call: string, tool: string, input: unknown): ConversationBlock {
  const args = object(input);
  const command = text(args.command);
  const title = TITLES.map((key) => text(args[key])).find((value) => value !== null) ?? "";
  return {
    kind: "call",
    call,
    tool,
    title: clip(title.trimStart().split("\n", 1)[0], MAX_TITLE).toWellFormed(),
    input: shownText(command ?? jsonText(args)),
  };
}

/** A text as a block holds it. */
export function shownText(value: string): string {
  return clip(value, MAX_BLOCK).toWellFormed();
}

/** The object as JSON; empty if it is nested too deeply for that. */
function jsonText(value: JsonObject): string {
  try {
    return JSON.stringify(value);
  } catch {
    return "";
  }
}

/** A tool result's text, whether its content is a string or blocks. */
export function contentText(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((block) => isObject(block) && typeof block.text === "string" ? block.text : "")
    .join("\n");
}
