import { assertEquals } from "@std/assert";
import { join } from "node:path";
import type { SessionId } from "../../lib/domain/ids.ts";
import type { SessionEvent, SessionFacts, TokenUse } from "../../lib/domain/session_events.ts";
import type {
  AgentReader,
  ConversationMessage,
  KnownSource,
  SessionSource,
  SkipCounts,
  SourceDelta,
} from "../../lib/sessions/reader.ts";

/** What a source is known to hold of a session. */
export interface StoredSession {
  facts: SessionFacts;
  messageHashes: number[];
  messageTimes: number[];
  events: SessionEvent[];
  tokens: TokenUse[];
}

/** What is known of a source after its deltas were stored, one after the other. */
export class StoredSource {
  readonly sessions = new Map<SessionId, StoredSession>();
  skipped: SkipCounts = {};
  #checkpoint: unknown = null;
  #read = false;

  /** Stores a delta as the index does: JSON for facts and checkpoint, the rest side by side. */
  apply(delta: SourceDelta): void {
    if (delta.mode === "replace") {
      this.sessions.clear();
      this.skipped = {};
    }
    this.#read = true;
    this.#checkpoint = throughJson(delta.checkpoint);
    for (const [reason, count] of Object.entries(delta.skipped)) {
      const key = reason as keyof SkipCounts;
      this.skipped[key] = (this.skipped[key] ?? 0) + count;
    }
    for (const part of delta.sessions) {
      const facts = throughJson(part.facts);
      const before = part.mode === "append" ? this.sessions.get(facts.session) : undefined;
      const stored: StoredSession = before ??
        { facts, messageHashes: [], messageTimes: [], events: [], tokens: [] };
      stored.facts = facts;
      stored.messageHashes.push(...part.messageHashes);
      stored.messageTimes.push(...part.messageTimes);
      stored.events.push(...part.events.map((event) => structuredClone(event)));
      for (const { call, lines } of part.revisions) {
        for (const event of stored.events) {
          if (event.kind === "edit" && event.call === call) {
            Object.assign(event, lines, { partial: false });
          }
        }
      }
      for (const use of part.tokens) storeTokens(stored.tokens, use);
      this.sessions.set(facts.session, stored);
    }
  }

  /** What the next reading is told; null before the first. */
  known(): KnownSource<unknown> | null {
    if (!this.#read) return null;
    const sessions = [...this.sessions.values()].map(({ facts, messageHashes }) => ({
      facts: throughJson(facts),
      messageHashes: Float64Array.from(messageHashes),
    }));
    return { checkpoint: throughJson(this.#checkpoint), sessions };
  }

  /** All its events, session by session. */
  get events(): SessionEvent[] {
    return [...this.sessions.values()].flatMap(({ events }) => events);
  }
}

function storeTokens(all: TokenUse[], use: TokenUse): void {
  const at = all.findIndex(({ key }) => key === use.key);
  if (at < 0) all.push(use);
  else if (use.output > all[at].output) all[at] = use;
}

/** The value after it was stored as JSON, which must lose nothing. */
function throughJson<Value>(value: Value): Value {
  const copy = JSON.parse(JSON.stringify(value ?? null));
  assertEquals(copy, value ?? null, "facts and checkpoints are JSON");
  return copy;
}

/** How a source is read. */
export interface ReadOptions {
  /** What was read of it before; it is added to. @default {new StoredSource()} */
  stored?: StoredSource;
  /** Bytes a step. @default {1 << 20} */
  budget?: number;
  /** Takes what was read after every step and not only at the end. @default {false} */
  takeOften?: boolean;
  /** Opens the source anew after as many takes. @default {Infinity} */
  restartAfter?: number;
  /** Looks at every delta before it is stored. */
  check?: (delta: SourceDelta) => void;
}

/** Reads a source to its end and gives what is stored of it then. */
export function readSource(
  reader: AgentReader,
  source: SessionSource,
  options: ReadOptions = {},
): StoredSource {
  const { stored = new StoredSource(), budget = 1 << 20, takeOften = false } = options;
  const { restartAfter = Infinity, check = () => {} } = options;
  for (let more = true; more;) {
    using reading = reader.open(source, stored.known());
    let taken = 0;
    let steps = 0;
    while (more && taken < restartAfter) {
      more = reading.step(budget);
      if (++steps > source.bytes + 10_000) throw new Error("it does not come to an end");
      if (more && !takeOften) continue;
      const delta = reading.take();
      check(delta);
      stored.apply(delta);
      assertEquals(reading.waiting, { bytes: 0, events: 0 }, "what was taken waits no longer");
      taken++;
    }
  }
  return stored;
}

/** A session's whole conversation, page by page. */
export function readConversation(
  reader: AgentReader,
  source: SessionSource,
  session: SessionId,
  limit = 1_000,
): ConversationMessage[] {
  const all: ConversationMessage[] = [];
  for (let at: string | null = null, pages = 0;; pages++) {
    const page = reader.messages(source, session, at, limit);
    if (page.messages.length > limit) throw new Error("a page is longer than was asked for");
    all.push(...page.messages);
    if (page.next === null) return all;
    if (pages > source.bytes + 100) throw new Error("its pages do not come to an end");
    at = page.next;
  }
}

/** A folder that is gone at the end of its block. */
export class TemporaryFolder implements Disposable {
  readonly path: string = Deno.makeTempDirSync({ prefix: "ascribe-sessions-" });

  /** Writes a file, its folders included, and gives its path. */
  write(name: string, content: string): string {
    const path = join(this.path, name);
    Deno.mkdirSync(join(path, ".."), { recursive: true });
    Deno.writeTextFileSync(path, content);
    return path;
  }

  /** Copies a folder into this one, times included, and gives the copy's path. */
  copy(from: string, name: string): string {
    const to = join(this.path, name);
    Deno.mkdirSync(to, { recursive: true });
    for (const entry of Deno.readDirSync(from)) {
      const path = join(from, entry.name);
      if (entry.isDirectory) this.copy(path, join(name, entry.name));
      else Deno.copyFileSync(path, join(to, entry.name));
    }
    return to;
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}
