import { assert, assertEquals } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { readGitEnvironment } from "../../lib/config.ts";
import { readChanges, readPaths } from "../../lib/git/diffs.ts";
import { FolderResolver } from "../../lib/git/identity.ts";
import { createGitReading, type GitReading } from "../../lib/git/reading.ts";
import { createGitRunner, type GitRunner } from "../../lib/git/runner.ts";
import type { CommitHash } from "../../lib/ids.ts";
import { Sandbox, scan, storeOf } from "./sandbox.ts";

/** A way for a repository to make git run a program. */
interface Trap {
  /** What its configuration says; `CANARY` is the program. */
  config?: string;
  /** What else it holds. */
  plant?: () => Promise<void>;
  /** A command of git that does run the program, which shows that the trap is one. */
  springs?: string[];
}

const HOOKS = [
  "post-checkout",
  "post-commit",
  "post-index-change",
  "pre-auto-gc",
  "pre-commit",
  "reference-transaction",
];

describe("a hostile repository", () => {
  let sandbox: Sandbox;

  beforeEach(async () => {
    sandbox = await Sandbox.create();
    await sandbox.init("repo");
    await sandbox.commit("repo", "first", { files: { "a.txt": "one\n", ".gitattributes": "" } });
    await sandbox.commit("repo", "second", { files: { "a.txt": "two\n" } });
    await sandbox.script(
      "canary",
      `#!/bin/sh\necho "$0 $*" >> '${sandbox.path("sung")}'\nexit 1\n`,
    );
  });

  afterEach(() => sandbox[Symbol.asyncDispose]());

  const sung = () => Deno.readTextFile(sandbox.path("sung")).catch(() => "");
  const write = (name: string, text: string) => Deno.writeTextFile(sandbox.path(name), text);

  /** All that the program ever does with a repository. */
  async function readAll(runner: GitRunner): Promise<void> {
    using db = storeOf([[sandbox.path("repo")]]);
    await new FolderResolver(runner).resolve(sandbox.path("repo"));
    await scan(db, runner);
    const hashes = db.all<{ hash: string }>("SELECT hash FROM commits").map(({ hash }) => hash);
    const options = { cwd: sandbox.path("repo"), hashes };
    await Array.fromAsync(readPaths(runner, options));
    await Array.fromAsync(readChanges(runner, options));
    await look(createGitReading(runner), db.all("SELECT hash, parents FROM commits"));
  }

  /** All that pages ask. */
  async function look(
    reading: GitReading,
    commits: { hash: CommitHash; parents: string }[],
  ): Promise<void> {
    const path = sandbox.path("repo");
    const repository = { path, commonDir: `${path}/.git` };
    await reading.ask({ ask: "revision", repository, revision: "HEAD" });
    for (const { hash, parents } of commits) {
      const count = parents === "" ? 0 : parents.split(" ").length;
      await reading.ask({ ask: "diff", repository, hash, parents: count });
      await reading.ask({ ask: "refs", repository, holding: hash });
      await reading.ask({ ask: "path", repository, hash, path: "" });
      await reading.ask({ ask: "blame", repository, hash, path: "a.txt", from: 1, count: 10 });
    }
  }

  const traps: Record<string, Trap> = {
    "a file system monitor": { config: "[core]\nfsmonitor = CANARY", springs: ["status"] },
    "hooks in a folder of its choice": {
      config: "[core]\nhooksPath = HOOKS",
      plant: async () => {
        await Deno.mkdir(sandbox.path("hooks"));
        for (const hook of HOOKS) await Deno.copyFile(canary(), sandbox.path(`hooks/${hook}`));
      },
      springs: ["checkout", "-q", "-b", "other"],
    },
    "hooks of its own": {
      plant: async () => {
        for (const hook of HOOKS) {
          await Deno.copyFile(canary(), sandbox.path(`repo/.git/hooks/${hook}`));
        }
      },
      springs: ["checkout", "-q", "-b", "other"],
    },
    "a pager": { config: "[core]\npager = CANARY\n[pager]\nlog = CANARY\nconfig = CANARY" },
    "an external diff": { config: "[diff]\nexternal = CANARY", springs: ["diff", "HEAD~"] },
    "an external diff for some files": {
      config: '[diff "x"]\ncommand = CANARY',
      plant: () => write("repo/.gitattributes", "* diff=x\n"),
      springs: ["diff", "HEAD~"],
    },
    "a text conversion": {
      config: '[diff "x"]\ntextconv = CANARY\ncachetextconv = true',
      plant: () => write("repo/.gitattributes", "* diff=x\n"),
      springs: ["log", "-p"],
    },
    "a text conversion while lines are blamed": {
      config: '[diff "x"]\ntextconv = CANARY',
      plant: () => write("repo/.gitattributes", "* diff=x\n"),
      springs: ["blame", "a.txt"],
    },
    "attributes beside the configuration": {
      config: '[diff "x"]\ntextconv = CANARY',
      plant: async () => {
        await Deno.mkdir(sandbox.path("repo/.git/info"), { recursive: true });
        await write("repo/.git/info/attributes", "* diff=x\n");
      },
      springs: ["log", "-p"],
    },
    "filters": {
      config: '[filter "x"]\nclean = CANARY\nsmudge = CANARY\nrequired = true',
      plant: async () => {
        await write("repo/.gitattributes", "* filter=x\n");
        await write("repo/a.txt", "TWO\n");
      },
      springs: ["diff"],
    },
    "a filter that is a process": {
      config: '[filter "x"]\nprocess = CANARY',
      plant: async () => {
        await write("repo/.gitattributes", "* filter=x\n");
        await write("repo/a.txt", "TWO\n");
      },
      springs: ["diff"],
    },
    "aliases for our commands": {
      config: "[alias]\nlog = !CANARY\nrev-parse = !CANARY\nfor-each-ref = !CANARY\nx = !CANARY",
      springs: ["x"],
    },
    "a signature checker": {
      config: "[log]\nshowSignature = true\n[gpg]\nprogram = CANARY",
      plant: async () => {
        const tree = await sandbox.git("repo", "rev-parse", "HEAD^{tree}");
        const who = "Ada <ada@example.org> 1772355600 +0000";
        const signature = "-----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----";
        const commit =
          `tree ${tree}\nauthor ${who}\ncommitter ${who}\ngpgsig ${signature}\n\nsigned\n`;
        const hash = await sandbox.gitWith(
          "repo",
          ["hash-object", "-t", "commit", "-w", "--stdin"],
          {
            input: commit,
          },
        );
        await sandbox.git("repo", "branch", "signed", hash);
      },
      springs: ["log", "-1", "signed"],
    },
    "an included file": {
      config: "[include]\npath = ../../included",
      plant: () =>
        write("included", `[core]\nfsmonitor = ${canary()}\n[diff]\nexternal = ${canary()}\n`),
      springs: ["diff", "HEAD~"],
    },
    "a promisor remote of its own protocol": {
      config: "[core]\nrepositoryformatversion = 1\n[extensions]\npartialClone = origin\n" +
        '[remote "origin"]\npromisor = true\nurl = ext::CANARY\n[protocol "ext"]\nallow = always',
      plant: loseABlob,
      springs: ["log", "-p"],
    },
    "a promisor remote over ssh": {
      config:
        "[core]\nrepositoryformatversion = 1\nsshCommand = CANARY\n[extensions]\npartialClone = origin\n" +
        '[remote "origin"]\npromisor = true\nurl = ssh://127.0.0.1:1/x',
      plant: loseABlob,
      springs: ["log", "-p"],
    },
    "a promisor remote on this machine": {
      config: "[core]\nrepositoryformatversion = 1\n[extensions]\npartialClone = origin\n" +
        '[remote "origin"]\npromisor = true\nurl = .\nuploadpack = CANARY',
      plant: loseABlob,
      springs: ["log", "-p"],
    },
    "a promisor remote behind a credential helper": {
      config:
        "[core]\nrepositoryformatversion = 1\naskPass = CANARY\n[credential]\nhelper = !CANARY\n" +
        "[extensions]\npartialClone = origin\n" +
        '[remote "origin"]\npromisor = true\nurl = http://ada@127.0.0.1:1/x',
      plant: loseABlob,
    },
    "a promisor remote behind a proxy": {
      config:
        "[core]\nrepositoryformatversion = 1\ngitProxy = CANARY\n[extensions]\npartialClone = origin\n" +
        '[remote "origin"]\npromisor = true\nurl = git://127.0.0.1:1/x',
      plant: loseABlob,
      springs: ["log", "-p"],
    },
    "a submodule that updates itself": {
      config:
        '[submodule]\nrecurse = true\n[submodule "s"]\nactive = true\nupdate = !CANARY\nurl = ext::CANARY',
      plant: async () => {
        const head = await sandbox.git("repo", "rev-parse", "HEAD");
        await sandbox.git("repo", "update-index", "--add", "--cacheinfo", `160000,${head},s`);
        await write(
          "repo/.gitmodules",
          '[submodule "s"]\npath = s\nurl = ext::CANARY\nupdate = !CANARY\n',
        );
        await sandbox.git("repo", "commit", "-qm", "submodule");
      },
    },
    "programs named like git's in the working folder": {
      plant: async () => {
        for (const name of ["git", "git-log", "git-rev-parse", "ssh", "sh", "cat", "less"]) {
          await Deno.copyFile(canary(), sandbox.path(`repo/${name}`));
        }
      },
    },
  };

  const canary = () => sandbox.path("canary");

  async function loseABlob(): Promise<void> {
    const blob = await sandbox.git("repo", "rev-parse", "HEAD:a.txt");
    await Deno.remove(sandbox.path(`repo/.git/objects/${blob.slice(0, 2)}/${blob.slice(2)}`));
  }

  for (const [name, { config, plant, springs }] of Object.entries(traps)) {
    it(`runs nothing by way of ${name}`, async () => {
      await plant?.();
      if (config !== undefined) {
        const text = config.replaceAll("CANARY", canary()).replaceAll(
          "HOOKS",
          sandbox.path("hooks"),
        );
        await Deno.writeTextFile(sandbox.path("repo/.git/config"), `\n${text}\n`, { append: true });
      }
      const environment = { ...sandbox.environment, PATH: `.:${Deno.env.get("PATH")}` };
      await readAll(createGitRunner({ environment }));
      assertEquals(await sung(), "");
      if (springs === undefined) return;
      await sandbox.git("repo", ...springs).catch(() => {});
      assert((await sung()) !== "", "the trap was none: git did not run it either");
    });
  }

  it("runs nothing by way of the environment", async () => {
    const target = sandbox.path("traced");
    const planted: Record<string, string> = {
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "core.fsmonitor",
      GIT_CONFIG_VALUE_0: canary(),
      GIT_CONFIG_PARAMETERS: `'core.fsmonitor=${canary()}'`,
      GIT_CONFIG_GLOBAL: sandbox.path("evil"),
      GIT_DIR: sandbox.path("elsewhere"),
      GIT_WORK_TREE: sandbox.path("elsewhere"),
      GIT_EXEC_PATH: sandbox.folder,
      GIT_EXTERNAL_DIFF: canary(),
      GIT_PAGER: canary(),
      GIT_SSH: canary(),
      GIT_SSH_COMMAND: canary(),
      GIT_ASKPASS: canary(),
      GIT_PROXY_COMMAND: canary(),
      GIT_TRACE: target,
      GIT_TRACE2_EVENT: target,
      GIT_ALTERNATE_OBJECT_DIRECTORIES: sandbox.folder,
      GIT_NAMESPACE: "evil",
      PAGER: canary(),
    };
    await write("evil", `[core]\nfsmonitor = ${canary()}\n`);
    for (const [name, value] of Object.entries(planted)) Deno.env.set(name, value);
    try {
      const environment = { ...readGitEnvironment(), HOME: sandbox.path("home") };
      using db = storeOf([[sandbox.path("repo")]]);
      const { commitsFound } = await scan(db, createGitRunner({ environment }));
      assertEquals(commitsFound, 2);
    } finally {
      for (const name of Object.keys(planted)) Deno.env.delete(name);
    }
    assertEquals(await sung(), "");
    assertEquals(await Deno.stat(target).catch(() => null), null);
  });
});
