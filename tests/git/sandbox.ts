import { createGitRunner, type GitRunner } from "../../lib/git/run/runner.ts";
import { type Database, openDatabase } from "../../lib/store/database.ts";
import type { GitSyncProgress } from "../../lib/sync/events.ts";
import { fromTemplate, tipOf } from "../support/repositories.ts";
import { scanRepositories, type ScanResult } from "../../lib/sync/steps/scan.ts";

/** When the story of a test begins: 2026-03-01T09:00:00Z. */
export const START = Date.UTC(2026, 2, 1, 9);

/** How a commit of a test is made. */
export interface CommitOptions {
  /** Author and committer time, Unix milliseconds. */
  at?: number;
  author?: string;
  email?: string;
  /** Files to write before it. @default {{ "file.txt": message }} */
  files?: Record<string, string>;
  args?: string[];
}

/** A temporary folder with real repositories, a home of its own, and a git that reads no other configuration. */
export class Sandbox implements AsyncDisposable {
  readonly folder: string;
  #clock = START;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(): Promise<Sandbox> {
    const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "ascribe-git-" }));
    const sandbox = new Sandbox(folder);
    await Deno.mkdir(`${folder}/home`);
    await Deno.writeTextFile(
      `${folder}/home/.gitconfig`,
      "[user]\n\tname = Ada\n\temail = ada@example.org\n[init]\n\tdefaultBranch = main\n" +
        '[protocol "file"]\n\tallow = always\n[commit]\n\tgpgsign = false\n[gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n',
    );
    return sandbox;
  }

  path(name: string): string {
    return `${this.folder}/${name}`;
  }

  /** What the program would hand on to git. */
  get environment(): { PATH: string; HOME: string } {
    return { PATH: Deno.env.get("PATH")!, HOME: `${this.folder}/home` };
  }

  runner(parallel = 4): GitRunner {
    return createGitRunner({ environment: this.environment, parallel });
  }

  /** Runs git as a user would, in a folder below the sandbox. */
  async git(folder: string, ...args: string[]): Promise<string> {
    return await this.gitWith(folder, args);
  }

  async gitWith(
    folder: string,
    args: string[],
    { env = {}, input }: { env?: Record<string, string>; input?: string | Uint8Array } = {},
  ): Promise<string> {
    const child = new Deno.Command("git", {
      args: ["-C", this.path(folder), ...args],
      clearEnv: true,
      env: { ...this.environment, GIT_CONFIG_NOSYSTEM: "1", LC_ALL: "C", ...env },
      stdin: input === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const output = child.output();
    if (input !== undefined) {
      const writer = child.stdin.getWriter();
      await writer.write(typeof input === "string" ? new TextEncoder().encode(input) : input);
      await writer.close();
    }
    const { success, stdout, stderr } = await output;
    if (!success) {
      throw new Error(`git ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
    }
    return new TextDecoder().decode(stdout).trim();
  }

  async init(name: string, ...args: string[]): Promise<string> {
    const path = this.path(name);
    await Deno.mkdir(path, { recursive: true });
    if (args.length > 0) await this.git(name, "init", "-q", ...args);
    else await fromTemplate("empty", (folder) => initEmpty(folder, this.environment), path);
    return path;
  }

  /** Commits a minute after the commit before, unless told when. */
  async commit(
    folder: string,
    message: string,
    { at, author = "Ada", email = "ada@example.org", files, args = [] }: CommitOptions = {},
  ): Promise<string> {
    this.#clock += 60_000;
    const date = `@${Math.floor((at ?? this.#clock) / 1000)} +0000`;
    for (const [file, text] of Object.entries(files ?? { "file.txt": message })) {
      await Deno.writeTextFile(this.path(`${folder}/${file}`), text);
    }
    await this.git(folder, "add", "-A");
    const env = {
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_DATE: date,
      GIT_AUTHOR_NAME: author,
      GIT_AUTHOR_EMAIL: email,
    };
    await this.gitWith(folder, ["commit", "-q", "--allow-empty", "-m", message, ...args], { env });
    return tipOf(this.path(folder));
  }

  /** Writes an executable file. */
  async script(name: string, text: string): Promise<string> {
    await Deno.writeTextFile(this.path(name), text);
    await Deno.chmod(this.path(name), 0o755);
    return this.path(name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}

async function initEmpty(folder: string, env: { PATH: string; HOME: string }): Promise<void> {
  const args = ["init", "-q", folder];
  const { success } = await new Deno.Command("git", { args, clearEnv: true, env }).output();
  if (!success) throw new Error("Cannot make a repository");
}

/** A store with sessions, each of which stood in the folders given. */
export function storeOf(sessions: string[][]): Database {
  const db = openDatabase(":memory:");
  sessions.forEach((folders, index) => addSession(db, `session-${index + 1}`, folders));
  return db;
}

/** Adds a session, or gives one more folders. */
export function addSession(
  db: Database,
  session: string,
  folders: string[],
  startedAt = START,
): void {
  db.run(
    `INSERT INTO sessions (agent, session_id, started_at, cwds) VALUES ('claude-code', ?, ?, ?)
     ON CONFLICT (agent, session_id) DO UPDATE SET cwds = excluded.cwds, facts_version = facts_version + 1`,
    session,
    startedAt,
    JSON.stringify(folders),
  );
}

/** What a scan came to, with what it reported. */
export interface Scanned extends ScanResult {
  progress: GitSyncProgress[];
}

/** Scans as a sync would. */
export async function scan(
  db: Database,
  runGit: GitRunner,
  { signal, now = () => Date.now() }: { signal?: AbortSignal; now?: () => number } = {},
): Promise<Scanned> {
  const progress: GitSyncProgress[] = [];
  const onProgress = (step: GitSyncProgress) => progress.push(step);
  const result = await scanRepositories({ db, runGit, now }, { onProgress, signal });
  return { ...result, progress };
}

/** A runner that notes the subcommands it was asked for. */
export function watched(runner: GitRunner): GitRunner & { calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    run: (args, options) => {
      calls.push(args[0]);
      return runner.run(args, options);
    },
    stream: (args, options) => {
      calls.push(args[0]);
      return runner.stream(args, options);
    },
  };
}

/** The gits that this process has started and that are still there, zombies included. */
export async function children(): Promise<{ pid: number; state: string; command: string }[]> {
  const { stdout } = await new Deno.Command("ps", {
    args: ["-A", "-o", "pid=,ppid=,stat=,comm="],
    clearEnv: true,
  }).output();
  return new TextDecoder().decode(stdout).split("\n").flatMap((line) => {
    const [pid, parent, state, ...command] = line.trim().split(/\s+/);
    return Number(parent) === Deno.pid && /^\W?(?:git|sh|sleep)/.test(command[0])
      ? [{ pid: Number(pid), state, command: command.join(" ") }]
      : [];
  });
}
