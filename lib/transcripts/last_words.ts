import type { Collector } from "./collector.ts";
import { isObject, object } from "./json.ts";
import { excerpt } from "./message_text.ts";

const decoder = new TextDecoder();

/**
 * Reads what the last lines said whose text was passed over: of many, only the last one counts.
 *
 * @param bytes Reads a stretch of the file again.
 */
export function readLastWords(
  collector: Collector,
  bytes: (place: { offset: number; length: number }) => Uint8Array,
): void {
  for (const part of collector.parts.values()) {
    if (part.lastWords === null) continue;
    const line = decoder.decode(bytes(part.lastWords));
    part.lastWords = null;
    part.facts.lastMessage = lastText(line) ?? part.facts.lastMessage;
  }
}

function lastText(line: string): string | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return null;
  }
  const { content } = object(object(parsed).message);
  if (!Array.isArray(content)) return null;
  const texts = content.map((block) => isObject(block) ? excerpt(block.text) : null);
  return texts.findLast((text) => text !== null) ?? null;
}
