/*
 * How Claude Code spells the lines that are recognised without parsing. Every pattern begins or ends with a quote that
 * no backslash escapes, so that it can only stand where JSON has a key.
 */

/** A line of the conversation begins with it. */
export const PARENT = '{"parentUuid":';
/** The value of that key. */
const PARENT_VALUE = /null,|"[\da-f-]{36}",/y;

/** Where the comma after a line's first value stands, or null if the value is neither a uuid nor null. */
export function endOfParent(text: string, at: number): number | null {
  return matches(PARENT_VALUE, text, at) ? PARENT_VALUE.lastIndex - 1 : null;
}

/** A user's message whose content is blocks. */
export const USER = '"type":"user","message":{"role":"user","content":[{';

/** A user's message ends, and its line goes on with the uuid. */
export const MESSAGE_END = ']},"uuid":"';
/** As much of it as is quickly searched for: longer patterns are searched for in a slower way. */
export const MESSAGE_END_START = ']},"uu';

/** What stands between a message's uuid and its time. */
export const TIMESTAMP = '","timestamp":"';

/** What an assistant's line says between the message and the uuid. */
export const ASSISTANT_END = ',"type":"assistant","uuid":"';

/** What may stand between an assistant's message and that, and how long it may be. */
export const BEFORE_ASSISTANT_END =
  /\}(?:,"requestId":"[\w-]*")?(?:,"attribution[A-Za-z]+":"[^"\\]*")*$/;
export const MAX_BEFORE_END = 160;

/** A tool's result in a block of a user's message, with its keys in either order. */
export const TOOL_USE_ID = '"tool_use_id":"';
export const RESULT = '"type":"tool_result","content":';

/** The assistant message that a tool's result answers: the line's parent. */
export const SOURCE = ',"sourceToolAssistantUUID":"';

/** The patch in the result of an editing tool, and the keys that may follow it. */
export const PATCH = '"structuredPatch":[';
export const AFTER_PATCH = ['],"userModified":', '],"originalFile":'];

export const PROGRESS = '"type":"progress","data":{';
/** A subagent's messages in the progress of its parent. */
export const AGENT_ASSISTANT = '"message":{"type":"assistant","timestamp":"';
export const AGENT_USER = '"message":{"type":"user","message":{"role":"user","content":[{';
export const AGENT_END = '"},"normalizedMessages":[],"type":"agent_progress"';
/** The message, and behind it the subagent's earlier messages, told once more or not. */
export const MESSAGE = '"message":{';
export const HISTORY = ',"normalizedMessages":[';
/** What stands before the uuid of something in it that is no message. */
export const ATTACHMENT = '"type":"attachment",';
export const HISTORY_END = '],"type":"agent_progress","prompt":"';
export const BEFORE_AGENT_ID = '","agentId":"';
export const AGENT_ID = /","agentId":"([\w-]{1,200})"\},"/;

/** An assistant's message up to its first block. */
export const ASSISTANT =
  /"message":\{(?:"(?:id|type|role)":"[\w-]+",)*"model":"([^"\\]{1,200})",(?:"(?:id|type|role)":"[\w-]+",)*"content":\[\{"type":"(text|thinking|tool_use)",/y;
/** How a `tool_use` block begins. */
export const TOOL_USE_START = '{"type":"tool_use",';
/** The rest of a `tool_use` block up to its input. */
export const TOOL_USE = /"id":"[\w-]{1,200}","name":"([\w.:-]{1,200})","input":\{/y;
/** The rest of a `text` block that says something. */
export const WORDS = /"text":"[^\s"\\\x80-\xff]/y;
/** The rest of an `Edit` call up to the text that it replaces. */
export const EDIT =
  /"id":"([\w-]{1,200})","name":"Edit","input":\{(?:"replace_all":(?:true|false),)?"file_path":"([^"\\\x80-\xff]{1,4000})","old_string":"/y;
export const AFTER_PATH = '","old_string":"';
export const NEW_STRING = '","new_string":"';

/** Where a message's content ends. */
export const CONTENT_END = '],"stop_reason":';

/** Lines that tell nothing. */
export const SILENT_TYPE =
  /\{"type":"(?:file-history-snapshot|file-history-delta|queue-operation|last-prompt|permission-mode|mode|agent-name)",/y;
export const SILENT_PROGRESS =
  /"type":"progress","data":\{"type":"(?:hook_progress|bash_progress|powershell_progress|mcp_progress|query_update|search_results_received|waiting_for_task)",/y;
export const SILENT_SYSTEM = /"type":"system","subtype":"(?!bridge_status)[a-z_]+",/y;
export const SILENT_ATTACHMENT = /"attachment":\{"type":"(?!queued_command)[a-z_]+"/y;

/** Tools whose calls say more than that they were made. */
export const TELLING_TOOLS: ReadonlySet<string> = new Set([
  "Bash",
  "PowerShell",
  "Skill",
  "Edit",
  "MultiEdit",
  "Write",
  "NotebookEdit",
]);

/** Whether a sticky pattern matches at a place. */
export function matches(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}
