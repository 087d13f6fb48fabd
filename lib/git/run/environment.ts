import { isAbsolute } from "node:path";

/**
 * The variables that git needs from ours: where programs are, and where the user's own configuration is (it holds
 * `user.email` and `safe.directory`). Nothing else is passed on: any `GIT_*` could send git elsewhere.
 */
export const GIT_ENVIRONMENT = [
  "PATH",
  "HOME",
  "XDG_CONFIG_HOME",
  "USERPROFILE",
  "SYSTEMROOT",
] as const;

/** The environment as far as git gets to see it. */
export type GitEnvironment = Partial<Record<typeof GIT_ENVIRONMENT[number], string>>;

const FIXED: Readonly<Record<string, string>> = {
  LC_ALL: "C",
  LANGUAGE: "C",
  GIT_OPTIONAL_LOCKS: "0",
  GIT_TERMINAL_PROMPT: "0",
  GIT_NO_LAZY_FETCH: "1",
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_GRAFT_FILE: "/dev/null",
  GIT_ATTR_NOSYSTEM: "1",
  GIT_ADVICE: "0",
  // git would hand over each commit by itself, and taking over so many pieces costs more than reading them.
  GIT_FLUSH: "0",
  GIT_PAGER: "cat",
  GIT_EDITOR: ":",
  GIT_SEQUENCE_EDITOR: ":",
  GIT_SSH_COMMAND: "false",
  GIT_ASKPASS: "false",
  SSH_ASKPASS: "false",
  // No protocol has this name, so git refuses every transport, a promisor remote's included.
  GIT_ALLOW_PROTOCOL: "none",
};

/** What overrides a repository's own configuration wherever it could run a program or speak to the network. */
const CONFIG: readonly string[] = [
  "advice.graftFileDeprecated=false",
  "core.fsmonitor=false",
  "core.hooksPath=/dev/null",
  "core.attributesFile=/dev/null",
  "core.pager=cat",
  "core.editor=:",
  "core.askPass=false",
  "core.sshCommand=false",
  "core.gitProxy=none",
  "core.alternateRefsCommand=false",
  "core.untrackedCache=false",
  "credential.helper=",
  "diff.external=",
  "gpg.program=false",
  "gpg.ssh.program=false",
  "gpg.x509.program=false",
  "gpg.ssh.defaultKeyCommand=",
  "interactive.diffFilter=",
  "log.showSignature=false",
  "log.mailmap=false",
  "protocol.allow=never",
  "protocol.ext.allow=never",
  "protocol.file.allow=never",
  "submodule.recurse=false",
  "gc.auto=0",
  "maintenance.auto=false",
  "safe.bareRepository=all",
  "i18n.logOutputEncoding=UTF-8",
];

/** What stands before the subcommand in every call. */
export const GLOBAL_OPTIONS: readonly string[] = [
  "--no-pager",
  "--literal-pathspecs",
  ...CONFIG.flatMap((setting) => ["-c", setting]),
];

/**
 * The whole environment of a git child.
 *
 * Relative parts of `PATH` are dropped: they would find programs in the working folder.
 */
export function childEnvironment(ours: GitEnvironment): Record<string, string> {
  const environment: Record<string, string> = { ...FIXED, PATH: absoluteParts(ours).join(":") };
  for (const name of GIT_ENVIRONMENT) {
    const value = ours[name];
    if (name !== "PATH" && value !== undefined && value !== "") environment[name] = value;
  }
  return environment;
}

/** Where git may be, in the order of `PATH`; never a folder relative to where we stand. */
export function gitCandidates(ours: GitEnvironment): string[] {
  return absoluteParts(ours).map((folder) => `${folder.replace(/\/+$/, "")}/git`);
}

function absoluteParts({ PATH }: GitEnvironment): string[] {
  return (PATH ?? "/usr/local/bin:/usr/bin:/bin").split(":").filter((part) => isAbsolute(part));
}
