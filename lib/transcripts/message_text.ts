import { isObject } from "./json.ts";

/** The longest prompt or command that is kept, in characters. */
export const MAX_TEXT = 16_384;

/** The longest excerpt of a message that lists show, in characters. */
const MAX_EXCERPT = 500;

/** What Claude Code puts into the user's mouth: reminders, the editor's state. */
const INSERTED = [
  "system-reminder",
  "ide_opened_file",
  "ide_selection",
  "ide_diagnostics",
  "user-prompt-submit-hook",
  "local-command-caveat",
];

/** Lines with the role `user` that no user wrote. */
const NOT_A_PROMPT =
  /^(?:<(?:local-command-|command-|bash-|task-notification|teammate-message|tool_use_error|user-memory-input)|Caveat: The messages below|\[Request interrupted by user|This session is being continued from a previous conversation|API Error|Operation stopped by hook: |\(no content\)$)/;

const COMMAND_NAME = /<command-name>\s*\/?([^<\n]{1,200}?)\s*<\/command-name>/;
const COMMAND_ARGS = /<command-args>([\s\S]*?)<\/command-args>/;
const BASH_INPUT = /^\s*<bash-input>([\s\S]*?)<\/bash-input>/;
const BASH_OUTPUT = /^\s*<bash-stdout>([\s\S]*?)<\/bash-stdout>/;

/** Commands of Claude Code itself: they ask the agent for nothing. */
const BUILT_IN = new Set(
  ("add-dir agents bashes bug clear color compact config context copy cost desktop doctor effort exit export extra-usage fast " +
    "feedback help hooks ide install-github-app keybindings login logout mcp memory mobile model output-style " +
    "permissions plugin plugins privacy-settings quit rate-limit-options release-notes reload-plugins remote-control " +
    "rename resume rewind sandbox skills stats status statusline tasks terminal-setup theme todos upgrade usage vim " +
    "voice").split(" "),
);

/** What a text in a user's message is. */
export type UserText =
  | { kind: "prompt"; text: string }
  | { kind: "slashCommand"; name: string; prompt: string | null }
  | { kind: "shellInput"; command: string }
  | { kind: "shellOutput"; output: string }
  | { kind: "other" };

/** Tells what the user typed from what Claude Code wrote in the user's name. */
export function readUserText(raw: string): UserText {
  const name = /^\s*<command-/.test(raw) ? COMMAND_NAME.exec(clip(raw))?.[1] : undefined;
  if (name !== undefined) {
    if (BUILT_IN.has(name)) return { kind: "other" };
    const args = COMMAND_ARGS.exec(raw)?.[1]?.trim();
    return { kind: "slashCommand", name, prompt: args ? clip(`/${name} ${args}`) : null };
  }
  const command = BASH_INPUT.exec(raw)?.[1];
  if (command !== undefined) return { kind: "shellInput", command };
  const output = BASH_OUTPUT.exec(raw)?.[1];
  if (output !== undefined) return { kind: "shellOutput", output };
  const typed = INSERTED.reduce(withoutElement, raw).trim();
  if (typed === "" || NOT_A_PROMPT.test(typed)) return { kind: "other" };
  return { kind: "prompt", text: clip(typed) };
}

/** The text without its elements of one name. */
function withoutElement(text: string, name: string): string {
  const [open, close] = [`<${name}>`, `</${name}>`];
  const kept: string[] = [];
  let from = 0;
  while (true) {
    const start = text.indexOf(open, from);
    const end = start < 0 ? -1 : text.indexOf(close, start);
    if (end < 0) return from === 0 ? text : kept.join("") + text.slice(from);
    kept.push(text.slice(from, start));
    from = end + close.length;
  }
}

/** A tool result's text, whether its content is a string or blocks. */
export function contentText(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((block) => isObject(block) && typeof block.text === "string" ? block.text : "")
    .join("\n");
}

/** What lists show of a message; null where it says nothing. */
export function excerpt(said: unknown): string | null {
  const trimmed = typeof said === "string" ? said.trim() : "";
  return trimmed === "" ? null : clip(trimmed, MAX_EXCERPT).toWellFormed();
}

/** Cuts a text to `length` characters without splitting a surrogate pair. */
export function clip(value: string, length = MAX_TEXT): string {
  if (value.length <= length) return value;
  const last = value.charCodeAt(length - 1);
  const cut = value.slice(0, last >= 0xd800 && last < 0xdc00 ? length - 1 : length);
  // A slice holds the whole in memory, which may be many times as long.
  return value.length > 4 * length ? JSON.parse(JSON.stringify(cut)) : cut;
}
