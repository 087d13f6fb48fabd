import type { ConversationBlock } from "../../domain/conversation.ts";
import { isObject, type JsonObject, name, object, text } from "../../text/json.ts";
import { callBlock, shownText, textBlocks } from "../conversation_blocks.ts";

/** What the program says in the user's name: the session's surroundings, the editor's state, what hooks add. */
const INSERTED =
  /^\s*(?:<(?:session_context|hook_context|state_snapshot|system-reminder)>|Here is (?:the user's editor context|a summary of changes in the user's editor context)|- \*\*Workspace Directories:\*\*|System: (?:Please continue|Potential loop)|Please continue\.$)/;

/** How the model is told of a shell command that the user ran. */
const SHELL_INPUT =
  /^I ran the following shell command:\n```(?:sh)?\n([\s\S]*?)\n```\n\nThis produced the following result:\n```\n([\s\S]*?)\n?```\s*$/;

/** The parts of a content, which is a text, a part, or a list of either. */
export function partsOf(content: unknown): JsonObject[] {
  const parts = Array.isArray(content) ? content : [content];
  return parts.flatMap((part) =>
    isObject(part) ? [part] : text(part) === null ? [] : [{ text: part }]
  );
}

/** Whether parts hold the results of tools. */
export function answersCalls(parts: readonly JsonObject[]): boolean {
  return parts.some((part) => isObject(part.functionResponse));
}

/** What a user's message is. */
export type UserSaid =
  | { kind: "prompt"; text: string }
  /** A shell command that the user ran, with what it printed. */
  | { kind: "shell"; command: string; output: string }
  | { kind: "other" };

/** Tells what the user typed from what the program wrote in the user's name. */
export function readUserParts(parts: readonly JsonObject[]): UserSaid {
  if (answersCalls(parts)) return { kind: "other" };
  const texts = parts.map((part) => text(part.text)).filter((said) => said !== null);
  const first = texts[0] ?? "";
  const shell = SHELL_INPUT.exec(first);
  if (shell !== null) {
    const [, command, output] = shell.map((said) => said.replace(/\\([\\`])/g, "$1"));
    return { kind: "shell", command, output };
  }
  if (first.trimStart().startsWith("<session_context>")) return { kind: "other" };
  const typed = texts.filter((said) => !INSERTED.test(said)).join("\n").trim();
  return typed === "" ? { kind: "other" } : { kind: "prompt", text: typed };
}

/** The blocks of parts: texts, thoughts, images, calls. */
export function blocksOf(parts: readonly JsonObject[]): ConversationBlock[] {
  return parts.flatMap((part): ConversationBlock[] => {
    if (text(part.text) !== null) {
      return textBlocks(part.thought === true ? "thinking" : "text", part.text);
    }
    const { id, name: tool, args } = object(part.functionCall);
    const called = name(tool);
    if (called !== null) return [callBlock(name(id) ?? "", called, args)];
    const media = part.inlineData ?? part.fileData;
    return isObject(media) ? [{ kind: "image", mediaType: name(media.mimeType) }] : [];
  });
}

/** The blocks of a user's message, without what the program wrote in the user's name. */
export function userBlocks(parts: readonly JsonObject[], id: string): ConversationBlock[] {
  const said = readUserParts(parts);
  switch (said.kind) {
    case "prompt":
      return [
        ...textBlocks("text", said.text),
        ...blocksOf(parts).filter(({ kind }) => kind === "image"),
      ];
    case "shell":
      return [
        callBlock(id, "run_shell_command", { command: said.command }),
        resultBlock(id, { text: said.output, failed: false, diff: null }),
      ];
    case "other":
      return [];
    default:
      return said satisfies never;
  }
}

/** The block of a call's result. */
export function resultBlock(
  call: string,
  result: { text: string; failed: boolean; diff: string | null },
): ConversationBlock {
  return { kind: "result", call, ...result, text: shownText(result.text) };
}
