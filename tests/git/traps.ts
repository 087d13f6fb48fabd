import type { Sandbox } from "./sandbox.ts";

/** A way for a repository to make git run a program. */
export interface Trap {
  /** What its configuration says; `CANARY` is the program, `HOOKS` a folder and `ATTRIBUTES` a file. */
  config?: string;
  /** What else it holds. */
  plant?: (sandbox: Sandbox) => Promise<unknown>;
  /** A command of git that does run the program, which shows that the trap is one. */
  springs?: string[];
  /** The repository that it is set in, if not the one that most are set in together. */
  apart?: string;
}

const HOOKS = [
  "post-checkout",
  "post-commit",
  "post-index-change",
  "pre-auto-gc",
  "pre-commit",
  "reference-transaction",
];

/** The program that must not run: it notes that it did. */
export function canaryOf(sandbox: Sandbox): string {
  return sandbox.path("canary");
}

/** Every way known to us, by its name; those that commit something come before those that would stop it. */
export const TRAPS: Readonly<Record<string, Trap>> = {
  "a signature checker": {
    config: "[log]\nshowSignature = true\n[gpg]\nprogram = CANARY",
    plant: (sandbox) =>
      commitSigned(
        sandbox,
        "signed-pgp",
        "-----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----",
      ),
    springs: ["log", "-1", "signed-pgp"],
  },
  "a signature checker of ssh": {
    config: "[log]\nshowSignature = true\n[gpg]\nformat = ssh\n" +
      '[gpg "ssh"]\nprogram = CANARY\ndefaultKeyCommand = CANARY\nallowedSignersFile = /dev/null',
    plant: (sandbox) =>
      commitSigned(
        sandbox,
        "signed-ssh",
        "-----BEGIN SSH SIGNATURE-----\n x\n -----END SSH SIGNATURE-----",
      ),
    springs: ["log", "-1", "signed-ssh"],
  },
  "a submodule that updates itself": {
    config:
      '[submodule]\nrecurse = true\n[submodule "s"]\nactive = true\nupdate = !CANARY\nurl = ext::CANARY',
    plant: async (sandbox) => {
      const head = await sandbox.git("repo", "rev-parse", "HEAD");
      await sandbox.git("repo", "update-index", "--add", "--cacheinfo", `160000,${head},s`);
      await write(
        sandbox,
        "repo/.gitmodules",
        '[submodule "s"]\npath = s\nurl = ext::CANARY\nupdate = !CANARY\n',
      );
      await sandbox.git("repo", "commit", "-qm", "submodule");
    },
  },
  "a file system monitor": { config: "[core]\nfsmonitor = CANARY", springs: ["status"] },
  "hooks in a folder of its choice": {
    config: "[core]\nhooksPath = HOOKS",
    plant: async (sandbox) => {
      await Deno.mkdir(sandbox.path("hooks"));
      for (const hook of HOOKS) {
        await Deno.copyFile(canaryOf(sandbox), sandbox.path(`hooks/${hook}`));
      }
    },
    springs: ["checkout", "-q", "-b", "other"],
  },
  "hooks of its own": {
    plant: async (sandbox) => {
      for (const hook of HOOKS) {
        await Deno.copyFile(canaryOf(sandbox), sandbox.path(`repo/.git/hooks/${hook}`));
      }
    },
    springs: ["checkout", "-q", "-b", "other"],
  },
  "a pager": { config: "[core]\npager = CANARY\n[pager]\nlog = CANARY\nconfig = CANARY" },
  "an external diff": { config: "[diff]\nexternal = CANARY", springs: ["diff", "HEAD~"] },
  "an external diff for some files": {
    config: '[diff "x"]\ncommand = CANARY',
    plant: (sandbox) => append(sandbox, "repo/.gitattributes", "* diff=x\n"),
    springs: ["diff", "HEAD~"],
  },
  "a text conversion": {
    config: '[diff "x"]\ntextconv = CANARY\ncachetextconv = true',
    plant: (sandbox) => append(sandbox, "repo/.gitattributes", "* diff=x\n"),
    springs: ["log", "-p"],
  },
  "a text conversion while lines are blamed": {
    config: '[diff "x"]\ntextconv = CANARY',
    plant: (sandbox) => append(sandbox, "repo/.gitattributes", "* diff=x\n"),
    springs: ["blame", "a.txt"],
  },
  "attributes beside the configuration": {
    config: '[diff "x"]\ntextconv = CANARY',
    plant: async (sandbox) => {
      await Deno.mkdir(sandbox.path("repo/.git/info"), { recursive: true });
      await write(sandbox, "repo/.git/info/attributes", "* diff=x\n");
    },
    springs: ["log", "-p"],
  },
  "filters": {
    config: '[filter "x"]\nclean = CANARY\nsmudge = CANARY\nrequired = true',
    plant: async (sandbox) => {
      await append(sandbox, "repo/.gitattributes", "* filter=x\n");
      await write(sandbox, "repo/a.txt", "TWO\n");
    },
    springs: ["diff"],
  },
  "a filter that is a process": {
    config: '[filter "x"]\nprocess = CANARY',
    plant: async (sandbox) => {
      await append(sandbox, "repo/.gitattributes", "* filter=x\n");
      await write(sandbox, "repo/a.txt", "TWO\n");
    },
    springs: ["diff"],
  },
  "aliases for our commands": {
    config: "[alias]\nlog = !CANARY\nrev-parse = !CANARY\nfor-each-ref = !CANARY\nx = !CANARY",
    springs: ["x"],
  },
  "an included file": {
    config: "[include]\npath = ../../included",
    plant: (sandbox) =>
      append(
        sandbox,
        "included",
        `[core]\nfsmonitor = ${canaryOf(sandbox)}\n[diff]\nexternal = ${canaryOf(sandbox)}\n`,
      ),
    springs: ["diff", "HEAD~"],
  },
  "a promisor remote of its own protocol": {
    config: "[core]\nrepositoryformatversion = 1\n[extensions]\npartialClone = origin\n" +
      '[remote "origin"]\npromisor = true\nurl = ext::CANARY\n[protocol "ext"]\nallow = always',
    plant: loseABlob,
    springs: ["log", "-p"],
    apart: "promised",
  },
  "a promisor remote over ssh": {
    config:
      "[core]\nrepositoryformatversion = 1\nsshCommand = CANARY\n[extensions]\npartialClone = ssh\n" +
      '[remote "ssh"]\npromisor = true\nurl = ssh://127.0.0.1:1/x',
    plant: loseABlob,
    apart: "promised",
    springs: ["log", "-p"],
  },
  "a promisor remote on this machine": {
    config: "[core]\nrepositoryformatversion = 1\n[extensions]\npartialClone = here\n" +
      '[remote "here"]\npromisor = true\nurl = .\nuploadpack = CANARY',
    plant: loseABlob,
    apart: "promised",
    springs: ["log", "-p"],
  },
  "a promisor remote behind a credential helper": {
    config:
      "[core]\nrepositoryformatversion = 1\naskPass = CANARY\n[credential]\nhelper = !CANARY\n" +
      "[extensions]\npartialClone = http\n" +
      '[remote "http"]\npromisor = true\nurl = http://ada@127.0.0.1:1/x',
    plant: loseABlob,
    apart: "promised",
  },
  "a promisor remote behind a proxy": {
    config:
      "[core]\nrepositoryformatversion = 1\ngitProxy = CANARY\n[extensions]\npartialClone = git\n" +
      '[remote "git"]\npromisor = true\nurl = git://127.0.0.1:1/x',
    plant: loseABlob,
    apart: "promised",
    springs: ["log", "-p"],
  },
  "programs named like git's in the working folder": {
    plant: async (sandbox) => {
      for (const name of ["git", "git-log", "git-rev-parse", "ssh", "sh", "cat", "less"]) {
        await Deno.copyFile(canaryOf(sandbox), sandbox.path(`repo/${name}`));
      }
    },
  },
  "a configuration of the worktree alone": {
    config: "[core]\nrepositoryformatversion = 1\n[extensions]\nworktreeConfig = true",
    plant: (sandbox) =>
      write(
        sandbox,
        "repo/.git/config.worktree",
        `[core]\nfsmonitor = ${canaryOf(sandbox)}\npager = ${canaryOf(sandbox)}\n`,
      ),
    springs: ["status"],
  },
  "a file that is included here alone": {
    config: '[includeIf "gitdir:**"]\npath = ../../included',
    plant: (sandbox) => append(sandbox, "included", `[core]\nfsmonitor = ${canaryOf(sandbox)}\n`),
    springs: ["status"],
  },
  "attributes in a file of its choice": {
    config: '[core]\nattributesFile = ATTRIBUTES\n[diff "x"]\ntextconv = CANARY\ncommand = CANARY',
    plant: (sandbox) => write(sandbox, "attributes", "* diff=x\n"),
    springs: ["log", "-p"],
  },
  "another folder as its worktree": {
    config: "[core]\nworktree = ../../elsewhere\nfsmonitor = CANARY",
    plant: async (sandbox) => {
      await Deno.mkdir(sandbox.path("elsewhere"));
      await write(sandbox, "elsewhere/.gitattributes", "* diff=x filter=x\n");
    },
    springs: ["status"],
    apart: "another folder as its worktree",
  },
  "a .git that leads elsewhere": {
    config: "[core]\nfsmonitor = CANARY",
    plant: async (sandbox) => {
      await Deno.rename(sandbox.path("repo/.git"), sandbox.path("elsewhere"));
      await Deno.symlink("../elsewhere", sandbox.path("repo/.git"));
    },
    springs: ["status"],
    apart: "a .git that leads elsewhere",
  },
  "a .git that names another": {
    plant: async (sandbox) => {
      await Deno.rename(sandbox.path("repo/.git"), sandbox.path("elsewhere"));
      await write(sandbox, "repo/.git", "gitdir: ../elsewhere\n");
      await sandbox.git("repo", "config", "core.fsmonitor", canaryOf(sandbox));
    },
    springs: ["status"],
    apart: "a .git that names another",
  },
  "refs of a repository that it borrows from": {
    config: "[core]\nalternateRefsCommand = CANARY",
    plant: async (sandbox) => {
      await sandbox.init("lender");
      await write(sandbox, "repo/.git/objects/info/alternates", "../../../lender/.git/objects\n");
    },
    springs: ["rev-list", "--alternate-refs"],
  },
  "a trailer": {
    config: '[trailer "x"]\nkey = Claude-Session\nifmissing = add\ncommand = CANARY\ncmd = CANARY',
    springs: ["interpret-trailers", "--trailer", "x=1", "a.txt"],
  },
  "an object store of its own commands": {
    config: "[gc]\nauto = 1\nrecentObjectsHook = CANARY\n[maintenance]\nauto = true\n" +
      "[uploadpack]\npackObjectsHook = CANARY\n[core]\neditor = CANARY\n[sequence]\neditor = CANARY",
    springs: ["commit", "--allow-empty"],
  },
};

async function loseABlob(sandbox: Sandbox): Promise<void> {
  const blob = await sandbox.git("repo", "rev-parse", "HEAD:a.txt");
  // It may be lost already, where several traps are set.
  const path = sandbox.path(`repo/.git/objects/${blob.slice(0, 2)}/${blob.slice(2)}`);
  await Deno.remove(path).catch(() => {});
}

async function commitSigned(sandbox: Sandbox, branch: string, signature: string): Promise<void> {
  const tree = await sandbox.git("repo", "rev-parse", "HEAD^{tree}");
  const who = "Ada <ada@example.org> 1772355600 +0000";
  const input = `tree ${tree}\nauthor ${who}\ncommitter ${who}\ngpgsig ${signature}\n\nsigned\n`;
  const hash = await sandbox.gitWith("repo", ["hash-object", "-t", "commit", "-w", "--stdin"], {
    input,
  });
  await sandbox.git("repo", "branch", branch, hash);
}

function write(sandbox: Sandbox, name: string, text: string): Promise<void> {
  return Deno.writeTextFile(sandbox.path(name), text);
}

function append(sandbox: Sandbox, name: string, text: string): Promise<void> {
  return Deno.writeTextFile(sandbox.path(name), text, { append: true });
}
