import { hashLine } from "../../lib/domain/line_hashes.ts";
import { saveChange } from "../../lib/store/write/commit_changes.ts";
import type { Database } from "../../lib/store/database.ts";

/** How much is made up. */
export interface SeedSize {
  sessions: number;
  sessionsPerRepository: number;
  commitsPerSession: number;
}

const START = Date.UTC(2024, 0, 1);
const HOUR = 3_600_000;
const FILES = 40;
/** Every third commit is a session's. */
const OWN_EVERY = 3;

/** Fills a store with what linking needs: sessions with edits and commands, commits with the lines they add. */
export function seedLinkFacts(
  db: Database,
  { sessions, sessionsPerRepository, commitsPerSession }: SeedSize,
): { commits: number } {
  db.exec(
    `INSERT INTO sources (id, agent, key, path, stamp, reader_version)
       VALUES (1, 'claude-code', '/made/up', '/made/up', '', 2)`,
  );
  let session = 0;
  let commit = 0;
  for (let repository = 1; session < sessions; repository++) {
    const last = Math.min(sessions, session + sessionsPerRepository);
    db.transaction(() => {
      // The folder is nowhere: git is never asked.
      db.run(
        "INSERT INTO repositories (id, common_dir, path, name, state) VALUES (?, ?, ?, ?, 'gone')",
        repository,
        `/made/up/${repository}/.git`,
        `/made/up/${repository}`,
        `r${repository}`,
      );
      for (; session < last; session++) {
        seedSession(db, { session, repository });
        for (let i = 0; i < commitsPerSession; i++, commit++) {
          seedCommit(db, { commit, session, repository, own: i % OWN_EVERY === 0, i });
        }
      }
    });
  }
  return { commits: commit };
}

function seedSession(
  db: Database,
  { session, repository }: { session: number; repository: number },
): void {
  const at = START + session * HOUR;
  const folder = `/made/up/${repository}`;
  const { lastId } = db.run(
    `INSERT INTO sessions (agent, session_id, cwds, started_at, ended_at, facts_version)
     VALUES ('claude-code', ?, ?, ?, ?, 1)`,
    `session-${session}`,
    JSON.stringify([folder]),
    at,
    at + HOUR,
  );
  db.run("INSERT INTO activities VALUES (?, ?, ?)", lastId, at, at + HOUR);
  for (let i = 0; i < 12; i++) {
    const lines = Uint32Array.from([10, ...linesOf(session, i), 0]);
    db.run(
      `INSERT INTO session_events (session_id, source_id, at, kind, message, cwd, data, lines)
       VALUES (?, 1, ?, 'edit', 1, ?, ?, ?)`,
      lastId,
      at + i * 60_000,
      folder,
      JSON.stringify({
        call: `t${i}`,
        agent: null,
        by: "tool",
        path: `${folder}/${fileOf(session, i)}`,
      }),
      new Uint8Array(lines.buffer, 0, 44),
    );
  }
  db.run(
    `INSERT INTO session_events (session_id, source_id, at, kind, message, cwd, data)
     VALUES (?, 1, ?, 'command', 1, ?, ?)`,
    lastId,
    at + 20 * 60_000,
    folder,
    JSON.stringify({
      call: "c",
      agent: null,
      command: `git commit -qm 'work ${session} of 0'`,
      background: false,
    }),
  );
}

function seedCommit(
  db: Database,
  { commit, session, repository, own, i }: {
    commit: number;
    session: number;
    repository: number;
    own: boolean;
    i: number;
  },
): void {
  const at = START + session * HOUR + 20 * 60_000 + i * 4 * 60_000;
  const { lastId } = db.run(
    `INSERT INTO commits (repository_id, hash, parents, author_at, committer_at, author_name, author_email,
       committer_email, subject) VALUES (?, ?, ?, ?, ?, 'Me', 'me@x', 'me@x', ?)`,
    repository,
    commitHash(commit),
    commit === 0 ? "" : commitHash(commit - 1),
    at,
    at,
    `work ${session} of ${i}`,
  );
  const added = own ? linesOf(session, i) : linesOf(session + 1e6, i);
  saveChange(db, lastId, {
    files: [{
      path: fileOf(session, i),
      oldPath: null,
      added,
      places: Uint32Array.from(added, (_, place) => place + 1),
      removed: new Uint32Array(0),
      around: new Uint32Array(0),
    }],
  });
}

function linesOf(session: number, i: number): Uint32Array {
  return Uint32Array.from(
    { length: 10 },
    (_, line) => hashLine(`const value${session}x${i} = compute(${line});`),
  );
}

function fileOf(session: number, i: number): string {
  return `src/file${(session * 3 + i % 3) % FILES}.ts`;
}

function commitHash(n: number): string {
  let hash = "";
  for (let word = 0; word < 5; word++) {
    let mixed = Math.imul(n + 1, 0x9e3779b1) ^ Math.imul(word + 1, 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
    hash += ((mixed ^ (mixed >>> 13)) >>> 0).toString(16).padStart(8, "0");
  }
  return hash;
}
