import type {
  ConversationBlock,
  ConversationMessage,
  MessagePage,
  MessagePlace,
} from "../../domain/conversation.ts";
import type { SessionId } from "../../domain/ids.ts";
import { clip } from "../../text/clip.ts";
import { isObject, type JsonObject, name, object, text } from "../../text/json.ts";
import { parseMilliseconds } from "../../time/iso_time.ts";
import { callBlock, shownText, textBlocks } from "../conversation_blocks.ts";
import { contextOf } from "./events.ts";
import { callOf, readState } from "./parts.ts";
import {
  type Archive,
  byTime,
  familiesOf,
  type MessageRecord,
  type MessageRef,
  type SessionRecord,
} from "./records.ts";

const MAX_TITLE = 300;

/** A message's reference with the session that it is of. */
interface Spoken {
  ref: MessageRef;
  speaker: SessionRecord;
}

/** Reads some messages of a session and its subagents, by their time. A place is a message's time and id. */
export function readPage(
  archive: Archive,
  session: SessionId,
  at: MessagePlace | null,
  limit: number,
): MessagePage {
  const family = familiesOf(archive.sessions()).find(({ root }) => root === session);
  const all = (family?.members ?? []).flatMap((speaker) =>
    archive.messagesOf(speaker.id).map((ref): Spoken => ({ ref, speaker }))
  ).sort((a, b) => byTime(a.ref, b.ref));
  const from = at === null ? 0 : all.findIndex(({ ref }) => placeOf(ref) === at);
  if (from < 0) return { messages: [], next: null };
  const spoken = all.slice(from, from + limit);
  const next = all[from + limit]?.ref;
  return {
    messages: recordsOf(archive, spoken).flatMap(([record, { speaker }]) => {
      const subagent = speaker.id === session ? null : name(speaker.id);
      const { data } = record;
      return data === null ? [] : messageOf({ ...record, data }, speaker, subagent) ?? [];
    }),
    next: next === undefined ? null : placeOf(next),
  };
}

function recordsOf(archive: Archive, spoken: readonly Spoken[]): [MessageRecord, Spoken][] {
  const records = archive.load(spoken.map(({ ref }) => ref), "conversation");
  return records.map((record, i) => [record, spoken[i]]);
}

function placeOf({ at, id }: MessageRef): MessagePlace {
  return `${at}:${id}`;
}

function messageOf(
  record: MessageRecord & { data: JsonObject },
  session: SessionRecord,
  subagent: string | null,
): ConversationMessage | null {
  const { ref, data, parts } = record;
  const { role } = data;
  if (role !== "user" && role !== "assistant") return null;
  const message = contextOf(record, { session, subagent })?.message ?? 0;
  return {
    place: placeOf(ref),
    message,
    at: parseMilliseconds(object(data.time).created) ?? parseMilliseconds(ref.at),
    role,
    model: role === "assistant" ? name(data.modelID) : null,
    subagent,
    blocks: [...parts.flatMap(partBlocks), ...errorBlocks(data.error)],
  };
}

function partBlocks(part: JsonObject): ConversationBlock[] {
  switch (part.type) {
    case "text": {
      const inserted = part.synthetic === true || part.ignored === true;
      return textBlocks(inserted ? "notice" : "text", text(part.text) ?? part.content);
    }
    case "reasoning":
      return textBlocks("thinking", part.text);
    case "file":
      return [{ kind: "image", mediaType: name(part.mime) }];
    case "compaction":
      return textBlocks("notice", "The conversation was compacted.");
    case "tool":
      return callBlocks(part);
    default:
      return [];
  }
}

function callBlocks(part: JsonObject): ConversationBlock[] {
  const found = callOf(part);
  if (found === null) return [];
  const { call, tool } = found;
  const about = object(part.state);
  const block = callBlock(call, tool, about.input);
  const title = text(about.title)?.trimStart().split("\n", 1)[0];
  const shown = title ? { ...block, title: clip(title, MAX_TITLE).toWellFormed() } : block;
  const state = readState(part);
  if (state === null) return [shown];
  const { output, failure, metadata } = state;
  return [shown, {
    kind: "result",
    call,
    text: shownText(output),
    failed: failure !== null,
    diff: diffOf(metadata),
  }];
}

function diffOf(metadata: JsonObject): string | null {
  const { diff, results } = metadata;
  const diffs = typeof diff === "string"
    ? [diff]
    : Array.isArray(results)
    ? results.filter(isObject).flatMap((result) => text(result.diff) ?? [])
    : [];
  const joined = diffs.join("\n");
  return joined.trim() === "" ? null : shownText(joined);
}

function errorBlocks(error: unknown): ConversationBlock[] {
  const { name: kind, data } = object(error);
  const said = [text(kind), text(object(data).message)].filter((one) => one !== null);
  return textBlocks("notice", said.join(": "));
}
