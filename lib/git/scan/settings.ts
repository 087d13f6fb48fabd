import type { GitDir, GitFailure, GitRunner } from "../run/runner.ts";

/** What a repository's configuration says of whose it is and where it came from. */
export interface RepositorySettings {
  /** `user.email` as git would use it there. */
  userEmail: string | null;
  /** The URLs of its remotes, passwords and tokens left out. */
  remotes: string[];
  objectFormat: "sha1" | "sha256";
}

/** Reads the configuration that git would use in a repository, the user's own included. */
export async function readSettings(
  runner: GitRunner,
  place: GitDir,
  signal?: AbortSignal,
): Promise<({ kind: "ok" } & RepositorySettings) | GitFailure> {
  const outcome = await runner.run(
    [
      "config",
      "--null",
      "--get-regexp",
      "^(user\\.email|remote\\..*\\.url|extensions\\.objectformat)$",
    ],
    { ...place, signal, maxBytes: 4 * 1024 * 1024 },
  );
  const settings: RepositorySettings = { userEmail: null, remotes: [], objectFormat: "sha1" };
  // git's way to say that none of them is set.
  if (outcome.kind === "failed" && outcome.code === 1) return { kind: "ok", ...settings };
  if (outcome.kind !== "ok") return outcome;
  for (const entry of new TextDecoder().decode(outcome.stdout).split("\0")) {
    const end = entry.indexOf("\n");
    if (end === -1) continue;
    const key = entry.slice(0, end);
    const value = entry.slice(end + 1);
    if (key === "user.email") settings.userEmail = value === "" ? null : value;
    else if (key.startsWith("remote.")) settings.remotes.push(withoutSecrets(value));
    else if (value.toLowerCase() === "sha256") settings.objectFormat = "sha256";
  }
  settings.remotes = [...new Set(settings.remotes)];
  return { kind: "ok", ...settings };
}

/** A URL without the name, password or token that may stand before its host, or in its query. */
export function withoutSecrets(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, "$1").replace(/[?#].*$/s, "");
}
