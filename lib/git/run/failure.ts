import { shellWord } from "../../shell/quote.ts";
import type { GitError } from "../read/queries.ts";
import type { GitFailure } from "./runner.ts";

/** Tells whether git says that a folder is no repository. */
export function saysNotARepository(stderr: string): boolean {
  return /not a git repository|invalid gitfile format|no path in gitfile/i.test(stderr);
}

/** Tells whether git says that a repository belongs to somebody else. */
function saysNotOwned(stderr: string): boolean {
  return /dubious ownership|unsafe repository/i.test(stderr);
}

/** Tells whether git says that it may not read something. */
function saysNotReadable(stderr: string): boolean {
  return /permission denied/i.test(stderr);
}

/** The first line of what git said that tells the matter, in 200 characters. */
function firstLine(stderr: string): string {
  const lines = stderr.split("\n");
  const line = lines.find((line) => /^(?:fatal|error): /.test(line)) ?? lines[0];
  const plain = line.replace(/^(?:fatal|error): /, "");
  return plain === "" ? "no reason given" : plain.slice(0, 200);
}

/** Why a repository could not be read: a stable code, and a sentence for the user with what to do. */
export interface ScanFailure {
  code: "gone" | "unreadable" | "notOwned" | "corrupt" | "timeout" | "unexpected";
  message: string;
}

/** Says in a sentence why git could not read the repository at `path`. */
export function explainFailure(
  outcome: Exclude<GitFailure, { kind: "aborted" | "gitMissing" }>,
  path: string,
): ScanFailure {
  switch (outcome.kind) {
    case "timeout":
      return {
        code: "timeout",
        message:
          `git did not answer in time in ${path}. Check that its disk is connected and not busy.`,
      };
    case "tooLarge":
      return { code: "unexpected", message: `${path} has more refs than can be read.` };
    case "failed":
      return explainComplaint(outcome.stderr, path);
    default:
      return outcome satisfies never;
  }
}

/** Says that a repository is no longer where it was. */
export function explainGone(path: string): ScanFailure {
  return {
    code: "gone",
    message: `${path} no longer exists. If it was moved, say where to: ` +
      `ascribe repositories alias ${shellWord(path)} NEW`,
  };
}

/** Says that a repository's folder cannot be looked at. */
export function explainUnreadable(path: string): ScanFailure {
  return {
    code: "unreadable",
    message: `${path} cannot be read. Check who may read it, and that its disk is connected.`,
  };
}

/** Says that a repository holds something that no repository has. */
export function explainOdd(path: string): ScanFailure {
  return {
    code: "corrupt",
    message:
      `${path} is no file that git writes, so the repository is left alone. Remove it if you don't know it.`,
  };
}

function explainComplaint(stderr: string, path: string): ScanFailure {
  if (saysNotOwned(stderr)) {
    return {
      code: "notOwned",
      message: `${path} belongs to another user, so git refuses to read it. ` +
        `If you trust it, run: git config --global --add safe.directory ${shellWord(path)}`,
    };
  }
  if (saysNotReadable(stderr)) return explainUnreadable(path);
  const extensions = newerExtensions(stderr);
  if (extensions.length > 0) {
    return { code: "corrupt", message: explainNewer(path, extensions) };
  }
  const config = /bad config line (\d+) in file (.{1,200})/i.exec(stderr);
  if (config !== null) {
    const [, line, file] = config;
    return {
      code: "corrupt",
      message:
        `git cannot read ${path}: line ${line} of its ${file} says nothing that git knows. ` +
        "Correct that line, or remove it.",
    };
  }
  return {
    code: "corrupt",
    message: `git cannot read ${path}: ${firstLine(stderr)}. "git fsck" there tells more.`,
  };
}

/** Since when git knows what a repository may say that it is made with. */
const KNOWN_SINCE: Readonly<Record<string, string>> = {
  compatobjectformat: "2.45",
  objectformat: "2.29",
  partialclone: "2.17",
  preciousobjects: "2.7",
  refstorage: "2.45",
  relativeworktrees: "2.48",
  worktreeconfig: "2.20",
};
/** Since when refs may lie in a folder that the configuration names. */
const REFS_ELSEWHERE = "2.54";

/** What git does not know of a repository, with the version that does, "" where that is not known. */
function newerExtensions(stderr: string): { name: string; since: string }[] {
  const listed = /unknown repository extensions? found:((?:\s+[^\s:]{1,80}$)+)/im.exec(stderr);
  if (listed !== null) {
    return listed[1].trim().split(/\s+/).map((name) => ({
      name,
      since: KNOWN_SINCE[name.toLowerCase()] ?? "",
    }));
  }
  const [, name, value] =
    /invalid value for '?extensions\.(\w{1,80})'?: '?([^'\n]{0,200})/i.exec(stderr) ?? [];
  if (name !== undefined) {
    const isElsewhere = name.toLowerCase() === "refstorage" && value.includes("://");
    const since = isElsewhere ? REFS_ELSEWHERE : KNOWN_SINCE[name.toLowerCase()] ?? "";
    return [{ name, since }];
  }
  const version = /expected git repo version <= \d+, found (\d+)/i.exec(stderr)?.[1];
  return version === undefined ? [] : [{ name: `format version ${version}`, since: "" }];
}

function explainNewer(path: string, extensions: { name: string; since: string }[]): string {
  const needs = extensions.map(({ name, since }) =>
    `${name} needs ${since === "" ? "a newer one" : since}`
  );
  return `${path} was made by a newer git: ${needs.join(", ")}. Nothing is wrong with it. ` +
    "Update the git in PATH and sync again.";
}

/** Says in a sentence why git gave no answer about the repository at `path`. */
export function gitError(outcome: GitFailure, path: string): GitError {
  switch (outcome.kind) {
    case "aborted":
      return { kind: "error", code: "unexpected", message: "Reading from git was cancelled." };
    case "gitMissing":
      return { kind: "error", code: "unexpected", message: outcome.message };
    case "tooLarge":
      return {
        kind: "error",
        code: "tooLarge",
        message: "There is more of it than can be shown.",
      };
    default:
      return { kind: "error", ...explainFailure(outcome, path) };
  }
}
