import { join } from "node:path";
import type { SessionEvent } from "../../lib/sessions/claude_code/facts.ts";
import {
  type KnownFile,
  type OpenOptions,
  openTranscript,
  type TranscriptReading,
} from "../../lib/sessions/claude_code/transcript.ts";

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

/** Reads a whole file, or what is new of it. */
export function readAll(path: string, options: OpenOptions = {}): TranscriptReading {
  using file = openTranscript(path, options);
  while (file.step(1 << 20));
  return file.take();
}

/** What a reading leaves known of its file, where `before` was known already. */
export function knownAfter(
  { mode, cursor, resumeState, parts }: TranscriptReading,
  before: KnownFile | null = null,
): KnownFile {
  const earlier = mode === "appended" ? before?.parts ?? [] : [];
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
  return { cursor, resumeState, parts: joined };
}

/** Reads a text as if it were a transcript. */
export function readText(text: string | Uint8Array, options: OpenOptions = {}): TranscriptReading {
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
