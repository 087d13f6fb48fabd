import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import type { SessionId } from "../../lib/domain/ids.ts";
import type { SessionEvent } from "../../lib/domain/session_events.ts";
import type { AgentReader } from "../../lib/sessions/reader.ts";
import { readSource, type StoredSession } from "./reading.ts";

/** What is known of the sessions in a folder of samples, by those who made them. */
interface Expectations {
  sessions: {
    id: string;
    /** The session whose subagent it is, if it is one. */
    parent?: string | null;
    cwd: string;
    prompts: number;
    commits: {
      hash: string;
      subject: string;
      /** How the session's output names it: `printed`, by hash and subject; by its full hash alone; not at all. */
      how: string;
      branch?: string;
      /** The hash of the commit that this one amended. */
      replaces?: string;
    }[];
  }[];
}

/** Reads all sources under a root into the sessions they belong to. */
export function readSessions(reader: AgentReader, root: string): Map<SessionId, StoredSession> {
  const sessions = new Map<SessionId, StoredSession>();
  for (const source of reader.discover([root]).sources) {
    for (const [id, session] of readSource(reader, source).sessions) {
      const before = sessions.get(id);
      if (before === undefined) {
        sessions.set(id, session);
        continue;
      }
      before.events.push(...session.events);
      before.messageHashes.push(...session.messageHashes);
      before.tokens.push(...session.tokens);
    }
  }
  return sessions;
}

/** The events of a session that are not copied from the one it was forked from. */
export function ownEvents(
  sessions: ReadonlyMap<SessionId, StoredSession>,
  id: string,
): SessionEvent[] {
  const session = sessions.get(id as SessionId);
  assert(session !== undefined, `session ${id}`);
  const parent = session.facts.forkedFrom;
  const copied = new Set(parent === null ? [] : sessions.get(parent)!.messageHashes);
  return session.events.filter(({ message }) => !copied.has(message));
}

/** Holds what was read under a root against its `expected.json`: sessions, prompts and commits, no more and no fewer. */
export function assertExpected(
  sessions: ReadonlyMap<SessionId, StoredSession>,
  root: string,
): void {
  const { sessions: expected }: Expectations = JSON.parse(
    Deno.readTextFileSync(join(root, "expected.json")),
  );
  const ids = new Set(expected.map(({ id, parent }) => parent ?? id));
  assertEquals([...sessions.keys()].sort(), [...ids].sort() as SessionId[]);
  for (const { id, parent, cwd, prompts, commits } of expected) {
    const subagent = parent ? subagentOf(id, parent) : null;
    const events = ownEvents(sessions, parent ?? id).filter((event) => event.subagent === subagent);
    assertEquals(events.filter(({ kind }) => kind === "prompt").length, prompts, id);
    assert(events.every((event) => event.cwd === cwd), `${id} in ${cwd}`);
    const printed = commits.filter(({ how }) => how.startsWith("printed"));
    const replaced = commits.flatMap(({ replaces }) => replaces ?? []);
    const made = events.filter((event) => event.kind === "commit");
    for (const { hash, subject } of made) {
      const known = commits.find((commit) => commit.hash.startsWith(hash));
      assert(known ? known.subject === subject : replaced.includes(hash), `${id} made ${hash}`);
    }
    for (const hash of [...printed.map(({ hash }) => hash), ...replaced]) {
      const one = made.filter((event) => hash.startsWith(event.hash));
      assertEquals(one.length, 1, `${id} made ${hash}`);
    }
    const commands = events.filter((event) => event.kind === "command");
    for (const { subject } of commits) {
      const says = ({ command }: { command: string }) =>
        /\bcommit\b/.test(command) && command.includes(subject);
      assert(commands.some(says), `${id} runs a command that commits "${subject}"`);
    }
  }
}

/** What a subagent is called: its id, without the session's where that stands in front of it. */
function subagentOf(id: string, parent: string): string {
  return id.startsWith(parent) ? id.slice(parent.length).replace(/^_+/, "") : id;
}

/** The edits among events: the file, and how many lines were added and removed. */
export function editsOf(events: readonly SessionEvent[]): [string, number, number][] {
  return events.flatMap((event) =>
    event.kind === "edit" ? [[event.path, event.added.length, event.removed.length]] : []
  );
}
