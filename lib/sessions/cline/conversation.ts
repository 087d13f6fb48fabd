import type {
  ConversationBlock,
  ConversationMessage,
  MessagePage,
  MessagePlace,
} from "../../domain/conversation.ts";
import { isObject, type JsonObject, name, object, text } from "../../text/json.ts";
import { callBlock, contentText, shownText, textBlocks } from "../conversation_blocks.ts";
import { blocksOf, commandsOf, contextOf, readUserText, resultsOf } from "./events.ts";

/**
 * A part of a conversation, of which places are the numbers of its messages.
 *
 * @param subagent Whose conversation it is, or null for the session itself.
 */
export function readPage(
  conversation: JsonObject,
  subagent: string | null,
  at: MessagePlace | null,
  limit: number,
): MessagePage {
  const page: MessagePage = { messages: [], next: null };
  if (!Array.isArray(conversation.messages) || !/^\d{1,9}$/.test(at ?? "0")) return page;
  const calls = new Calls(conversation.messages);
  for (let i = Number(at ?? 0); i < conversation.messages.length; i++) {
    const message: unknown = conversation.messages[i];
    if (!isObject(message)) continue;
    if (page.messages.length === limit) {
      page.next = `${i}`;
      break;
    }
    page.messages.push({ place: `${i}`, ...messageOf(message, subagent, calls) });
  }
  return page;
}

function messageOf(
  message: JsonObject,
  subagent: string | null,
  calls: Calls,
): Omit<ConversationMessage, "place"> {
  const context = contextOf(message, { cwd: null, subagent });
  const isAnswer = message.role === "assistant";
  return {
    message: context?.message ?? 0,
    at: context?.at ?? null,
    role: isAnswer ? "assistant" : "user",
    model: name(object(message.modelInfo).id),
    subagent,
    blocks: blocksOf(message.content).flatMap((block): ConversationBlock[] => {
      switch (block.type) {
        case "text":
          return isAnswer ? textBlocks("text", block.text) : userBlocks(block.text);
        case "thinking":
          return textBlocks("thinking", block.thinking);
        case "image":
          return [{ kind: "image", mediaType: name(block.mediaType) }];
        case "tool_use":
          return calls.blocksOfCall(block);
        case "tool_result":
          return calls.blocksOfResult(block);
        default:
          return [];
      }
    }),
  };
}

function userBlocks(said: unknown): ConversationBlock[] {
  if (typeof said !== "string") return [];
  const { skill, prompt } = readUserText(said);
  return textBlocks("text", skill === null ? prompt : `/${skill} ${prompt}`.trim());
}

/** The calls of a conversation with their results, each command of a call as a call of its own. */
class Calls {
  readonly #results: Map<string, JsonObject>;
  readonly #inputs = new Map<string, unknown>();

  constructor(messages: readonly unknown[]) {
    this.#results = resultsOf(messages);
    for (const message of messages) {
      for (const block of blocksOf(object(message).content)) {
        const id = block.type === "tool_use" ? name(block.id) : null;
        if (id !== null && block.name === "run_commands") this.#inputs.set(id, block.input);
      }
    }
  }

  blocksOfCall(block: JsonObject): ConversationBlock[] {
    const id = name(block.id);
    const tool = name(block.name);
    if (id === null || tool === null) return [];
    if (!this.#inputs.has(id)) return [callBlock(id, tool, block.input)];
    return commandsOf(id, block.input, this.#results.get(id))
      .map((call) => callBlock(call.id, tool, { command: call.command }));
  }

  blocksOfResult(block: JsonObject): ConversationBlock[] {
    const id = name(block.tool_use_id);
    if (id === null) return [];
    if (!this.#inputs.has(id)) {
      const said = contentText(block.content);
      return [{
        kind: "result",
        call: id,
        text: shownText(said),
        failed: block.is_error === true || /"success":false\}$/.test(said),
        diff: null,
      }];
    }
    return commandsOf(id, this.#inputs.get(id), block).map(({ id, result }) => ({
      kind: "result",
      call: id,
      text: shownText(result?.output || text(contentText(block.content)) || ""),
      failed: result !== null && result.failure !== null,
      diff: null,
    }));
  }
}
