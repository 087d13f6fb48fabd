import { join } from "node:path";
import { readGitEnvironment } from "../../lib/config.ts";
import { createGitRunner, type GitRunner } from "../../lib/git/run/runner.ts";
import { buildSample } from "../../sample/sample.ts";
import { copyFolder, SAMPLE_DATE, sharedSample } from "./sample.ts";

/** Transcripts and repositories in a temporary folder, gone when it is disposed of. */
export class Workspace implements AsyncDisposable {
  readonly folder: string;
  readonly claudeDir: string;
  readonly dataDir: string;
  readonly runGit: GitRunner;
  #sessions = 0;

  private constructor(folder: string, runGit: GitRunner) {
    this.folder = folder;
    this.claudeDir = join(folder, "sample/claude");
    this.dataDir = join(folder, "data");
    this.runGit = runGit;
  }

  /**
   * Makes one with the sample's transcripts: 64 sessions, and 156 commits in 6 repositories, one of them broken. The
   * repositories are those that all tests share.
   */
  static async withSample(): Promise<Workspace> {
    const workspace = await Workspace.empty();
    copyFolder((await sharedSample()).claudeDir, workspace.claudeDir);
    return workspace;
  }

  /** Makes one with a sample of its own, whose repositories may be changed. */
  static async withOwnSample(): Promise<Workspace> {
    const workspace = await Workspace.empty();
    const folder = join(workspace.folder, "sample");
    await Deno.remove(folder, { recursive: true });
    await buildSample(folder, { date: SAMPLE_DATE, git: workspace.runGit });
    return workspace;
  }

  static async empty(): Promise<Workspace> {
    const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "ascribe-workspace-" }));
    const workspace = new Workspace(
      folder,
      createGitRunner({ environment: { ...readGitEnvironment(), HOME: folder } }),
    );
    await Deno.mkdir(join(workspace.claudeDir, "projects"), { recursive: true });
    return workspace;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Makes a repository without commits. */
  async addEmptyRepository(name: string): Promise<string> {
    const path = this.path(name);
    await Deno.mkdir(path);
    const made = await this.runGit.run(["init", "-q", "-b", "main"], { cwd: path });
    if (made.kind !== "ok") throw new Error(`Cannot make a repository: ${made.kind}`);
    return path;
  }

  /** Writes the transcript of a session of one prompt in a folder. */
  async addSession(cwd: string, at = Date.UTC(2026, 1, 1)): Promise<string> {
    const sessionId = `00000000-0000-4000-8000-${String(++this.#sessions).padStart(12, "0")}`;
    const project = join(this.claudeDir, "projects", cwd.replaceAll(/[^A-Za-z0-9]/g, "-"));
    await Deno.mkdir(project, { recursive: true });
    const line = {
      type: "user",
      uuid: sessionId.replace("00000000", "10000000"),
      parentUuid: null,
      sessionId,
      timestamp: new Date(at).toISOString(),
      cwd,
      version: "2.0.0",
      message: { role: "user", content: "Hello" },
    };
    await Deno.writeTextFile(join(project, `${sessionId}.jsonl`), `${JSON.stringify(line)}\n`);
    return sessionId;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}
