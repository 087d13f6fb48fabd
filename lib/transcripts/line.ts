import { readAssistantMessage } from "./assistant_message.ts";
import type { Collector } from "./collector.ts";
import { isObject, type JsonObject, name, object, text } from "./json.ts";
import { clip } from "./message_text.ts";
import type { Scope } from "./part.ts";
import { parseTime } from "./times.ts";
import { readText, readUserMessage } from "./user_message.ts";
import { hashUuid } from "./uuid_hash.ts";

const MAX_TITLE = 300;

/** Takes up one parsed line of a transcript, whatever it is. Types that nobody knows say nothing. */
export function readLine(collector: Collector, line: unknown): void {
  if (!isObject(line)) return collector.skip("notAnObject");
  switch (line.type) {
    case "user":
    case "assistant":
      return readMessage(collector, line, collector.scope(line));
    case "progress":
      return readProgress(collector, line);
    case "attachment":
      return readAttachment(collector, line);
    case "pr-link":
      return readPullRequest(collector, line);
    case "summary":
      return readSummary(collector, line);
    case "custom-title":
      return note(collector, line, "customTitle", text(line.customTitle) ?? text(line.title));
    case "ai-title":
      return note(collector, line, "aiTitle", text(line.aiTitle) ?? text(line.title));
    case "bridge-session":
      return note(collector, line, "bridgeId", bridgeId(line.bridgeSessionId));
    case "system":
      if (line.subtype === "bridge_status") note(collector, line, "bridgeId", bridgeId(line.url));
      return;
    default:
      if (typeof line.type !== "string") collector.skip("wrongShape");
  }
}

/** Takes up a message with what its line, or the one around it, says of its surroundings. */
function readMessage(collector: Collector, line: JsonObject, scope: Scope | null): void {
  if (!isObject(line.message)) return collector.skip("wrongShape");
  const envelope = collector.open(line, scope);
  if (envelope === null) return;
  if (line.type === "assistant") readAssistantMessage(collector, envelope, line.message);
  else readUserMessage(collector, envelope, line);
}

/** What a subagent did may stand in its parent's progress lines and nowhere else. */
function readProgress(collector: Collector, line: JsonObject): void {
  const data = object(line.data);
  if (data.type !== "agent_progress") return;
  const normalized = Array.isArray(data.normalizedMessages) ? data.normalizedMessages : [];
  for (const inner of [data.message, ...normalized]) {
    if (!isObject(inner)) continue;
    const scope = collector.scope(line, name(data.agentId) ?? "sidechain");
    readSubagentMessage(collector, inner, scope);
  }
}

/** Takes up a message that stands in a progress line. */
export function readSubagentMessage(
  collector: Collector,
  message: JsonObject,
  scope: Scope | null,
): void {
  if (message.type !== "user" && message.type !== "assistant") return;
  if (message.uuid === undefined || message.timestamp === undefined) return;
  readMessage(collector, message, scope);
}

function readAttachment(collector: Collector, line: JsonObject): void {
  const attachment = object(line.attachment);
  if (attachment.type !== "queued_command" || line.isMeta === true) return;
  const prompt = text(attachment.prompt);
  if (prompt === null) return;
  const envelope = collector.open(line, collector.scope(line));
  if (envelope !== null && envelope.agent === null) readText(collector, envelope, prompt);
}

function readPullRequest(collector: Collector, line: JsonObject): void {
  const url = name(line.prUrl);
  const part = collector.part(line.sessionId);
  const at = parseTime(line.timestamp);
  if (url === null || part === null || at === null) return;
  const envelope = { part, hash: 0, at, cwd: null, agent: null };
  collector.emit(envelope, { kind: "published", branch: null, url });
}

/** A summary names the message it ends with: it may be about a conversation of another file. */
function readSummary(collector: Collector, line: JsonObject): void {
  const leaf = text(line.leafUuid);
  const summary = text(line.summary);
  if (leaf === null || summary === null) return;
  collector.summarize({ leaf: hashUuid(leaf), text: clip(summary, MAX_TITLE).toWellFormed() });
}

function note(
  collector: Collector,
  line: JsonObject,
  field: "customTitle" | "aiTitle" | "bridgeId",
  value: string | null,
): void {
  const part = collector.part(line.sessionId);
  if (part !== null && value !== null) part.facts[field] = clip(value, MAX_TITLE).toWellFormed();
}

/** The id that both ends of a bridge share, without the prefix that tells the ends apart. */
function bridgeId(value: unknown): string | null {
  return text(value)?.match(/(?:cse|session)_([\w-]+)/)?.[1] ?? null;
}
