import { claudeCode } from "../../support/agents.ts";
import { createGitRunner, type GitRunner } from "../../../lib/git/run/runner.ts";
import type { Evidence, Rule } from "../../../lib/domain/links.ts";
import { type Database, openDatabase } from "../../../lib/store/database.ts";
import type { GitSyncProgress } from "../../../lib/sync/events.ts";
import type { LinkResult } from "../../../lib/sync/steps/link.ts";
import { fromTemplate } from "../../support/repositories.ts";
import { ME, runGit } from "./git_user.ts";
import { syncInto } from "./sync_into.ts";
import { TranscriptWriter } from "./transcript.ts";

/** When every story begins. */
export const BEGINNING = Date.UTC(2026, 2, 2, 9);

/** A link as a story tells of it. */
export interface ToldLink {
  session: string;
  subject: string;
  tier: number;
  confidence: number;
  share: number | null;
  evidence: Evidence[];
}

/** A sentence of a story, and what it does. */
export type Step = [
  pattern: RegExp,
  perform: (world: World, words: (string | undefined)[] & string[]) => void | Promise<void>,
];

/** Repositories, transcripts and a store in a temporary folder, with a clock that only a story moves. */
export class World implements AsyncDisposable {
  readonly root = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "ascribe-story-" }));
  readonly db: Database = openDatabase(":memory:");
  readonly sessions = new Map<string, TranscriptWriter>();
  now = BEGINNING;
  /** What the last sync's linking reported. */
  progress: GitSyncProgress[] = [];
  /** The subcommands that git was asked for, in order. */
  readonly asked: string[] = [];
  readonly runGit: GitRunner = this.#counted();
  #lines = 0;

  /** Where transcripts are, and where deleted ones are kept. */
  readonly claudeDir = `${this.root}/claude`;
  readonly deletedDir = `${this.root}/deleted`;

  /** The folder of a repository. */
  repository(name = "app"): string {
    return `${this.root}/${name}`;
  }

  /** Whether a repository was made. */
  hasBegun = false;

  /** Makes a repository with a first commit, before anything else happens. */
  async begin(name = "app", format = "sha1"): Promise<void> {
    this.hasBegun = true;
    const cwd = this.repository(name);
    await fromTemplate(
      `${name} ${format}`,
      (folder) => makeRepository(folder, { name, format }),
      cwd,
    );
  }

  /** Who sits at this machine and commits. */
  person = ME;

  /** Runs git as whoever sits at this machine. */
  git(args: readonly string[], cwd = this.repository()): Promise<string> {
    return runGit(args, { cwd, at: this.now, by: this.person });
  }

  /** A session's transcript; it begins with its first mention. */
  session(name: string): TranscriptWriter {
    return this.sessions.get(name) ?? this.beginSession(name, this.repository());
  }

  /** Begins a session in a folder. */
  beginSession(name: string, cwd: string): TranscriptWriter {
    const session = new TranscriptWriter(sessionIdOf(name), cwd);
    this.sessions.set(name, session);
    session.prompt(this.now, `I am ${name}`);
    return session;
  }

  /** What a story calls the session with an id. */
  nameOf(id: string): string {
    return [...this.sessions.keys()].find((name) => sessionIdOf(name) === id) ?? id;
  }

  /** Lines that nobody has written before. */
  newLines(word: string, count = 5): string[] {
    return Array.from({ length: count }, () => {
      const n = ++this.#lines;
      return `export const ${word}Value${n} = compute${n}("${word}", ${n * 7919});`;
    });
  }

  /** Lets time go by. */
  later(ms: number): void {
    this.now += ms;
  }

  /** Writes the transcripts as far as they were told. */
  writeTranscripts(): void {
    const projects = `${this.claudeDir}/projects`;
    for (const session of this.sessions.values()) {
      const folder = `${projects}/${session.cwd.replace(/[^A-Za-z0-9]/g, "-")}`;
      const known = this.#fileOf.get(session.id) ?? `${folder}/${session.id}.jsonl`;
      this.#fileOf.set(session.id, known);
      Deno.mkdirSync(known.slice(0, known.lastIndexOf("/")), { recursive: true });
      Deno.writeTextFileSync(known, session.text());
    }
  }

  /** Writes the transcripts and runs the steps of a sync. */
  async sync(options: { withoutRules?: Rule[] } = {}): Promise<LinkResult> {
    this.progress = [];
    this.writeTranscripts();
    const { runGit } = this;
    const source = {
      runGit,
      agents: claudeCode(this.claudeDir),
      now: () => this.now,
    };
    return await syncInto(this.db, source, {
      ...options,
      onProgress: (progress) => this.progress.push(progress),
    });
  }

  /** Deletes a session's transcript, as Claude Code does; what it held stays in {@linkcode deletedDir}. */
  deleteTranscript(name: string): void {
    this.writeTranscripts();
    const { id } = this.session(name);
    const file = this.#fileOf.get(id)!;
    const kept = file.replace(this.claudeDir, this.deletedDir);
    Deno.mkdirSync(kept.slice(0, kept.lastIndexOf("/")), { recursive: true });
    Deno.renameSync(file, kept);
    this.sessions.delete(name);
  }

  #counted(): GitRunner {
    const git = createGitRunner({ environment: { PATH: Deno.env.get("PATH"), HOME: this.root } });
    const note = (args: readonly string[]) => {
      this.asked.push(args.find((arg) => /^[a-z][a-z-]+$/.test(arg)) ?? "");
    };
    return {
      run: (args, options) => (note(args), git.run(args, options)),
      stream: (args, options) => (note(args), git.stream(args, options)),
    };
  }

  #fileOf = new Map<string, string>();

  /** Every link, in the order of subjects and sessions. */
  links(): ToldLink[] {
    return this.db.all<Omit<ToldLink, "session" | "evidence"> & { id: string; evidence: string }>(
      `SELECT s.session_id AS id, c.subject, l.tier, l.confidence, l.share, l.evidence
       FROM session_commits l JOIN sessions s ON s.id = l.session_id JOIN commits c ON c.id = l.commit_id
       ORDER BY c.subject, c.hash, s.session_id`,
    ).map(({ id, evidence, ...link }) => ({
      ...link,
      session: this.nameOf(id),
      evidence: JSON.parse(evidence),
    }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.db[Symbol.dispose]();
    await Deno.remove(this.root, { recursive: true });
  }
}

async function makeRepository(
  cwd: string,
  { name, format }: { name: string; format: string },
): Promise<void> {
  const at = BEGINNING - 30 * 86_400_000;
  await runGit(["init", "-q", `--object-format=${format}`], { cwd, at });
  const config = `[user]\n\temail = ${ME.email}\n\tname = ${ME.name}\n`;
  Deno.writeTextFileSync(`${cwd}/.git/config`, config, { append: true });
  Deno.writeTextFileSync(`${cwd}/README.md`, `# ${name}\n`);
  await runGit(["add", "-A"], { cwd, at });
  await runGit(["commit", "-q", "-m", `begin ${name}`], { cwd, at });
}

/** The id of the session that a story calls by a name. */
export function sessionIdOf(name: string): string {
  const hex = [...name].map((c) => c.charCodeAt(0).toString(16)).join("").padEnd(8, "0").slice(
    0,
    8,
  );
  return `${hex}-0000-4000-8000-000000000000`;
}
