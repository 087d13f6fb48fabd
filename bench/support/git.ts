/**
 * Runs git in a folder, apart from the user's own configuration.
 *
 * @throws {Error} If it fails.
 */
export async function git(
  cwd: string,
  args: string[],
  input?: ReadableStream<Uint8Array>,
): Promise<void> {
  const child = new Deno.Command("git", {
    args: ["-C", cwd, "-c", "user.name=Ada", "-c", "user.email=ada@example.org", ...args],
    env: { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
    stdin: input === undefined ? "null" : "piped",
    stdout: "null",
    stderr: "inherit",
  }).spawn();
  await input?.pipeTo(child.stdin);
  if (!(await child.status).success) throw new Error(`git ${args[0]} failed`);
}
