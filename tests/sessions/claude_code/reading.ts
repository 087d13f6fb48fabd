import { join } from "node:path";
import type { SessionId } from "../../../lib/domain/ids.ts";
import type { SessionEvent, SessionPart } from "../../../lib/domain/session_events.ts";
import {
  type OpenTranscript,
  openTranscript,
  type TranscriptCheckpoint,
} from "../../../lib/sessions/claude_code/transcript.ts";
import { claudeCodeReader } from "../../../lib/sessions/claude_code/reader.ts";
import type { AgentReader, SessionSource, SourceDelta } from "../../../lib/sessions/reader.ts";

/** A folder that is gone at the end of its block. */
export class TestFolder implements Disposable {
  readonly path = Deno.makeTempDirSync({ prefix: "ascribe-transcripts-" });

  /** Writes a file, its folders included, and gives its path. */
  write(name: string, content: string | Uint8Array): string {
    const path = join(this.path, name);
    Deno.mkdirSync(join(path, ".."), { recursive: true });
    if (typeof content === "string") Deno.writeTextFileSync(path, content);
    else Deno.writeFileSync(path, content);
    return path;
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}

/** What was known of a file, with the times of its messages. */
export interface KnownFile {
  checkpoint: TranscriptCheckpoint;
  parts: SessionPart[];
}

/** What a reading gives, with what it says of all sessions side by side. */
export interface Reading extends SourceDelta<TranscriptCheckpoint> {
  parts: SessionPart[];
  events: { session: SessionId; event: SessionEvent }[];
}

/** How a file is read. */
export interface ReadOptions {
  known?: KnownFile | null;
  parseAll?: boolean;
}

/** Opens a file, to go on from what is known of it. */
export function openFile(
  path: string,
  { known = null, parseAll }: ReadOptions = {},
): OpenTranscript {
  const source = known === null ? null : {
    checkpoint: known.checkpoint,
    sessions: known.parts.map(({ messageHashes, messageTimes: _, ...facts }) => ({
      facts,
      messageHashes,
    })),
  };
  return openTranscript(path, source, { parseAll });
}

/** What was read since the last call. */
export function takeReading(file: OpenTranscript): Reading {
  const delta = file.take();
  return {
    ...delta,
    parts: delta.sessions.map(({ facts, messageHashes, messageTimes }) => ({
      ...facts,
      messageHashes,
      messageTimes,
    })),
    events: delta.sessions.flatMap(({ facts, events }) =>
      events.map((event) => ({ session: facts.session, event }))
    ),
  };
}

/** Reads a whole file, or what is new of it. */
export function readAll(path: string, options: ReadOptions = {}): Reading {
  using file = openFile(path, options);
  while (file.step(1 << 20));
  return takeReading(file);
}

/** What a reading leaves known of its file, where `before` was known already. */
export function knownAfter(
  { mode, checkpoint, parts }: Reading,
  before: KnownFile | null = null,
): KnownFile {
  const earlier = mode === "append" ? before?.parts ?? [] : [];
  const joined = parts.map((part) => {
    const { messageHashes, messageTimes } = earlier.find(({ session }) =>
      session === part.session
    ) ??
      { messageHashes: [], messageTimes: [] };
    return {
      ...part,
      messageHashes: Float64Array.of(...messageHashes, ...part.messageHashes),
      messageTimes: Float64Array.of(...messageTimes, ...part.messageTimes),
    };
  });
  return { checkpoint, parts: joined };
}

/** Reads a text as if it were a transcript. */
export function readText(text: string | Uint8Array, options: ReadOptions = {}): Reading {
  using folder = new TestFolder();
  return readAll(folder.write("0b0ba5e5-0000-4000-8000-000000000001.jsonl", text), options);
}

/** The events of one kind that a text's lines tell of. */
export function eventsOf<Kind extends SessionEvent["kind"]>(
  text: string,
  kind: Kind,
): (SessionEvent & { kind: Kind })[] {
  return readText(text).events.map(({ event }) => event)
    .filter((event): event is SessionEvent & { kind: Kind } => event.kind === kind);
}

/** What a reading says, as plain values, so that two can be compared. */
export function plain(reading: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(
    reading,
    (_key, value) =>
      value instanceof Float64Array || value instanceof Uint32Array ? [...value] : value,
  ));
}

/** A transcript as discovery finds it, with its reader. */
export function claudeCodeSource(path: string): { reader: AgentReader; source: SessionSource } {
  const root = path.slice(0, path.lastIndexOf("/projects/"));
  const source = claudeCodeReader.discover([root]).sources.find(({ key }) => key === path)!;
  return { reader: claudeCodeReader, source };
}
