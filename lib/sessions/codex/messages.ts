import { isObject, name, text } from "../../text/json.ts";
import { hashUuid } from "../message_hash.ts";

/** An id as long as this is made to be unique; shorter ones repeat from thread to thread. */
const UNIQUE_LENGTH = 20;

/**
 * The hash of a message's identity: a fork that copied the message gives it the same.
 */
export function identityOf(thread: string, id: string, part: MessagePart = "message"): number {
  const key = part === "message" ? id : `${part} ${id}`;
  return hashUuid(id.length >= UNIQUE_LENGTH ? key : `${thread} ${key}`);
}

/** What of a conversation an id is of: a call and its output have the same. */
export type MessagePart = "message" | "call" | "output";

/** What a program wrote in the user's name. */
const INSERTED =
  /^\s*(?:<(?:environment_context|user_instructions|turn_aborted|subagent_notification|user_shell_command|permissions instructions|skill|collaboration_mode)\b|# AGENTS\.md instructions for )/;

/** An editor's state, which stands before what the user typed. */
const CONTEXT = /^\s*# (?:Context from my IDE setup|Files mentioned by the user):/;
const REQUEST = /^## My request for Codex:\s*$/m;

/** What the user typed of a text in the user's name; null if that is nothing. */
export function promptOf(said: string): string | null {
  if (INSERTED.test(said)) return null;
  const request = CONTEXT.test(said) ? REQUEST.exec(said) : null;
  const typed = request === null ? said : said.slice(request.index + request[0].length);
  return text(typed.trim());
}

/** The skills that the user named in a message. */
export function skillsOf(content: unknown): string[] {
  if (!Array.isArray(content)) return [];
  return content.flatMap((block) =>
    isObject(block) && block.type === "skill" ? name(block.name) ?? [] : []
  );
}

/** Stands for the id of a message that has none: who said it, when, and what. */
export function idOf(role: "user" | "agent", at: number, said: string): string {
  return `${role} ${at} ${said.length} ${said.slice(0, 200)}`;
}
