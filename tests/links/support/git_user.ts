import { WITHOUT_UPKEEP } from "../../support/repositories.ts";

/** Somebody who makes commits. */
export interface Person {
  name: string;
  email: string;
}

export const ME: Person = { name: "Me", email: "me@here.example" };
/** Who commits what is edited on GitHub's pages. */
export const WEB: Person = { name: "GitHub", email: "noreply@github.com" };
export const TEAMMATE: Person = { name: "Tess", email: "tess@there.example" };

/** Runs git as a person at a time; throws what git said if it fails. */
export async function runGit(
  args: readonly string[],
  { cwd, at, by = ME, author = by, input, authorAt = at }: {
    cwd: string;
    at: number;
    by?: Person;
    author?: Person;
    authorAt?: number;
    input?: string;
  },
): Promise<string> {
  const child = new Deno.Command("git", {
    args: [
      "-c",
      "init.defaultBranch=main",
      "-c",
      "commit.gpgSign=false",
      ...WITHOUT_UPKEEP,
      ...args,
    ],
    cwd,
    clearEnv: true,
    env: {
      PATH: Deno.env.get("PATH") ?? "",
      HOME: cwd,
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_EDITOR: ":",
      GIT_SEQUENCE_EDITOR: ":",
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_COMMITTER_NAME: by.name,
      GIT_COMMITTER_EMAIL: by.email,
      GIT_AUTHOR_DATE: `@${Math.floor(authorAt / 1000)} +0000`,
      GIT_COMMITTER_DATE: `@${Math.floor(at / 1000)} +0000`,
    },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  if (input !== undefined) await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  const out = new TextDecoder().decode(stdout);
  if (code !== 0) {
    throw new Error(`git ${args.join(" ")}: ${new TextDecoder().decode(stderr)}${out}`);
  }
  return out;
}
