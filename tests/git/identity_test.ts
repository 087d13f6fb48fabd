import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fc } from "../support/harness.ts";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { type FileSystem, FolderProbe } from "../../lib/git/locate/folder_probe.ts";
import { type FolderOutcome, FolderResolver, toLocalPath } from "../../lib/git/locate/identity.ts";
import { createGitRunner } from "../../lib/git/run/runner.ts";
import { Sandbox, watched } from "./sandbox.ts";

describe("FolderResolver", () => {
  let sandbox: Sandbox;

  beforeEach(async () => {
    sandbox = await Sandbox.create();
  });

  afterEach(() => sandbox[Symbol.asyncDispose]());

  const resolve = (folder: string): Promise<FolderOutcome> =>
    new FolderResolver(sandbox.runner()).resolve(
      folder.startsWith("/") || /^[A-Z]:\\/.test(folder) ? folder : sandbox.path(folder),
    );

  async function found(folder: string) {
    const outcome = await resolve(folder);
    assert(outcome.kind === "repository", Deno.inspect(outcome));
    const { kind: _kind, ...identity } = outcome;
    return identity;
  }

  const repo = (inside = "", rest: Partial<FolderOutcome> = {}) => ({
    commonDir: sandbox.path("repo/.git"),
    path: sandbox.path("repo"),
    worktree: sandbox.path("repo"),
    inside,
    bare: false,
    pathGone: false,
    ...rest,
  });

  it("knows a repository by its folder, its subfolders and its git directory", async () => {
    await sandbox.init("repo");
    await sandbox.commit("repo", "first");
    await Deno.mkdir(sandbox.path("repo/src/deep"), { recursive: true });
    assertEquals(await found("repo"), repo());
    assertEquals(await found("repo/"), repo());
    assertEquals(await found("repo/src/../src/deep"), repo("src/deep"));
    assertEquals(await found("repo/.git/refs"), repo(".git/refs"));
  });

  it("knows a file by its folder, and a subfolder that is gone", async () => {
    await sandbox.init("repo");
    await sandbox.commit("repo", "first");
    const gone = { pathGone: true };
    assertEquals(await found("repo/file.txt"), repo("file.txt", gone as never));
    assertEquals(await found("repo/was/here"), repo("was/here", gone as never));
  });

  it("knows an empty repository and one with a detached HEAD", async () => {
    await sandbox.init("repo");
    assertEquals(await found("repo"), repo());
    await sandbox.commit("repo", "first");
    await sandbox.git("repo", "checkout", "-q", "--detach");
    assertEquals(await found("repo"), repo());
  });

  it("gives all worktrees the same common directory", async () => {
    await sandbox.init("repo");
    await sandbox.commit("repo", "first");
    await sandbox.git("repo", "worktree", "add", "-q", "../beside");
    await sandbox.git("repo", "worktree", "add", "-q", ".worktrees/within");
    await Deno.mkdir(sandbox.path("beside/src"));
    const beside = sandbox.path("beside");
    assertEquals(await found("beside/src"), repo("src", { worktree: beside } as never));
    const within = sandbox.path("repo/.worktrees/within");
    assertEquals(await found("repo/.worktrees/within"), repo("", { worktree: within } as never));
  });

  it("knows a worktree that was deleted by the repository around it", async () => {
    await sandbox.init("repo");
    await sandbox.commit("repo", "first");
    for (const place of [".worktrees/x", ".claude/worktrees/x", "worktrees/x"]) {
      const worktree = sandbox.path(`repo/${place}`);
      const gone = { worktree, pathGone: true } as never;
      assertEquals(await found(`repo/${place}`), repo("", gone));
      assertEquals(await found(`repo/${place}/src/a`), repo("src/a", gone));
    }
  });

  it("knows a worktree whose records were pruned", async () => {
    await sandbox.init("repo");
    await sandbox.commit("repo", "first");
    await sandbox.git("repo", "worktree", "add", "-q", "../beside");
    await Deno.remove(sandbox.path("repo/.git/worktrees"), { recursive: true });
    const beside = sandbox.path("beside");
    assertEquals(await found("beside"), repo("", { worktree: beside } as never));
  });

  it("knows a bare repository, its worktrees, and those deleted beside it", async () => {
    await sandbox.init("bare.git", "--bare");
    const bare = {
      commonDir: sandbox.path("bare.git"),
      path: sandbox.path("bare.git"),
      worktree: null,
      inside: "",
      bare: true,
      pathGone: false,
    };
    assertEquals(await found("bare.git"), bare);

    await sandbox.init("seed");
    await sandbox.commit("seed", "first");
    await sandbox.git(".", "clone", "-q", "--bare", "seed", "project/.bare");
    await Deno.writeTextFile(sandbox.path("project/.git"), "gitdir: ./.bare\n");
    await sandbox.git("project", "worktree", "add", "-q", "main");
    const commonDir = sandbox.path("project/.bare");
    const worktree = sandbox.path("project/main");
    const identity = await found("project/main");
    assertEquals([identity.commonDir, identity.worktree], [commonDir, worktree]);
    const gone = await found("project/feature/src");
    assertEquals(
      [gone.commonDir, gone.worktree, gone.inside, gone.pathGone],
      [commonDir, sandbox.path("project/feature"), "src", true],
    );
  });

  it("knows shallow clones, SHA-256 repositories and separate git directories", async () => {
    await sandbox.init("seed");
    await sandbox.commit("seed", "first");
    await sandbox.commit("seed", "second");
    await sandbox.git(".", "clone", "-q", "--depth=1", `file://${sandbox.path("seed")}`, "repo");
    assertEquals(await found("repo"), repo());
    await sandbox.init("sha256", "--object-format=sha256");
    assertEquals((await found("sha256")).path, sandbox.path("sha256"));
    await sandbox.init("apart", `--separate-git-dir=${sandbox.path("apart-git")}`);
    const apart = await found("apart");
    assertEquals([apart.commonDir, apart.path], [sandbox.path("apart-git"), sandbox.path("apart")]);
  });

  it("takes a submodule for a repository of its own", async () => {
    await sandbox.init("library");
    await sandbox.commit("library", "first");
    await sandbox.init("repo");
    await sandbox.commit("repo", "first");
    await sandbox.git("repo", "submodule", "--quiet", "add", sandbox.path("library"), "lib");
    const identity = await found("repo/lib");
    assertEquals(identity.commonDir, sandbox.path("repo/.git/modules/lib"));
    assertEquals([identity.path, identity.worktree], [
      sandbox.path("repo/lib"),
      sandbox.path("repo/lib"),
    ]);
  });

  it("follows links to a repository, to a subfolder, and in a circle", async () => {
    await sandbox.init("repo");
    await Deno.mkdir(sandbox.path("repo/src"));
    await Deno.symlink(sandbox.path("repo"), sandbox.path("link"));
    await Deno.symlink(sandbox.path("repo/src"), sandbox.path("sources"));
    await Deno.symlink(sandbox.path("round"), sandbox.path("round"));
    assertEquals(await found("link/src"), repo("src"));
    assertEquals(await found("sources"), repo("src"));
    assertEquals((await resolve("round")).kind, "unreadable");
  });

  it("knows folders with spaces, line breaks, colons, quotes and letters of any script", async () => {
    for (const name of ["a b", "a\nb", "a:b", 'it\'s "x"', "héllo-日本", "-rf", "$(touch x)"]) {
      await sandbox.init(`odd/${name}`);
      const identity = await found(`odd/${name}`);
      assertEquals(identity.commonDir, sandbox.path(`odd/${name}/.git`));
    }
  });

  it("tells folders without a repository from folders that are gone", async () => {
    await Deno.mkdir(sandbox.path("plain/deep"), { recursive: true });
    assertEquals(await resolve("plain/deep"), { kind: "notARepository" });
    assertEquals(await resolve("plain/gone"), { kind: "gone" });
    assertEquals(await resolve("/no/such/folder"), { kind: "gone" });
    assertEquals(await resolve(`/${"x".repeat(5_000)}`), { kind: "gone" });
    assertEquals(await resolve(`/${"x/".repeat(40_000)}`), { kind: "gone" });
    assertEquals(await resolve("/a\0b"), { kind: "gone" });
  });

  it("says what is wrong with a repository that git cannot use", async () => {
    const spoil: Record<string, (git: string) => Promise<void>> = {
      "no HEAD": (git) => Deno.remove(`${git}/HEAD`),
      "config that cannot be parsed": (git) => Deno.writeTextFile(`${git}/config`, "[core\n"),
      "format of the future": (git) =>
        Deno.writeTextFile(`${git}/config`, "[core]\nrepositoryformatversion = 9\n"),
      "unknown extension": (git) =>
        Deno.writeTextFile(
          `${git}/config`,
          "[core]\nrepositoryformatversion = 1\n[extensions]\nmagic = 1\n",
        ),
    };
    for (const [name, ruin] of Object.entries(spoil)) {
      await sandbox.init(name);
      await ruin(sandbox.path(`${name}/.git`));
      const outcome = await resolve(name);
      assertEquals([name, outcome.kind], [name, "corrupt"]);
      assert("message" in outcome);
      assertStringIncludes(outcome.message, sandbox.path(name));
    }
    await Deno.mkdir(sandbox.path("pointer"));
    await Deno.writeTextFile(sandbox.path("pointer/.git"), "gitdir: /nowhere/.git/worktrees/x\n");
    assertEquals((await resolve("pointer")).kind, "corrupt");
    await Deno.writeTextFile(sandbox.path("pointer/.git"), "what?\n");
    assertEquals((await resolve("pointer")).kind, "corrupt");
  });

  it("looks past a .git that is none to the repository around it", async () => {
    await sandbox.init("repo");
    await Deno.mkdir(sandbox.path("repo/tool/.git"), { recursive: true });
    assertEquals(await found("repo/tool"), repo("tool"));
  });

  it("says whose a repository is when git refuses it, and how to allow it", async () => {
    await sandbox.init("repo");
    await Deno.mkdir(sandbox.path("bin"));
    const git = `PATH="${Deno.env.get("PATH")}" GIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec git "$@"`;
    await sandbox.script("bin/git", `#!/bin/sh\n${git}\n`);
    const environment = { ...sandbox.environment, PATH: sandbox.path("bin") };
    const strict = new FolderResolver(createGitRunner({ environment }));
    const outcome = await strict.resolve(sandbox.path("repo"));
    assert(outcome.kind === "notOwned");
    assertStringIncludes(outcome.message, "safe.directory");
    const allow = `[safe]\n\tdirectory = ${sandbox.path("repo")}\n`;
    await Deno.writeTextFile(sandbox.path("home/.gitconfig"), allow);
    const trusting = new FolderResolver(createGitRunner({ environment }));
    assertEquals((await trusting.resolve(sandbox.path("repo"))).kind, "repository");
  });

  it("says that a folder cannot be read", { ignore: Deno.uid() === 0 }, async () => {
    await sandbox.init("locked/repo");
    await Deno.chmod(sandbox.path("locked"), 0);
    assertEquals((await resolve("locked/repo")).kind, "unreadable");
    await Deno.chmod(sandbox.path("locked"), 0o755);
  });

  it("gives up on a dead mount once, for all folders on it", async () => {
    const asked: string[] = [];
    const fs: FileSystem = {
      ...Deno,
      stat: (path) => {
        if (!String(path).startsWith(sandbox.path("dead"))) return Deno.stat(path);
        asked.push(String(path));
        return new Promise(() => {});
      },
    };
    const probe = new FolderProbe({ fs, answerMs: 100 });
    const resolver = new FolderResolver(sandbox.runner(), { probe });
    const folders = Array.from({ length: 50 }, (_, n) => sandbox.path(`dead/mount/${n}/x`));
    const outcomes = await Promise.all(folders.map((folder) => resolver.resolve(folder)));
    assertEquals(new Set(outcomes.map(({ kind }) => kind)), new Set(["timeout"]));
    assertEquals(asked, [sandbox.path("dead")]);
    assertEquals((await resolver.resolve(sandbox.folder)).kind, "notARepository");
  });

  it("asks git once for all folders of a worktree", async () => {
    await sandbox.init("repo");
    const folders = Array.from({ length: 40 }, (_, n) => `repo/a${n}/b/c`);
    for (const folder of folders) await Deno.mkdir(sandbox.path(folder), { recursive: true });
    const runner = watched(sandbox.runner());
    const resolver = new FolderResolver(runner);
    await Promise.all(folders.map((folder) => resolver.resolve(sandbox.path(folder))));
    assertEquals(runner.calls, ["rev-parse"]);
  });

  it("understands Windows' paths as text", async () => {
    assertEquals(toLocalPath("C:\\Users\\ada\\app"), "/mnt/c/Users/ada/app");
    assertEquals(toLocalPath("d:/app/"), "/mnt/d/app");
    assertEquals(toLocalPath("\\\\server\\share\\app"), null);
    assertEquals((await resolve("Q:\\no\\such\\folder")).kind, "gone");
  });

  it("answers any path with an outcome", async () => {
    await sandbox.init("repo");
    const resolver = new FolderResolver(sandbox.runner());
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 40 }), async (text) => {
        const outcome = await resolver.resolve(`${sandbox.folder}/repo/${text}`);
        assert(["repository", "gone", "notARepository"].includes(outcome.kind), outcome.kind);
        await resolver.resolve(text);
      }),
      { numRuns: 200 },
    );
  });
});
