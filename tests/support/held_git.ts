import { join } from "node:path";

/** A git that does what it is asked, but lists no commits of some repositories before it is let go. */
export interface HeldGit {
  /** The folder to be first in the program's PATH. */
  bin: string;
  /** From now on, who lists their commits waits. */
  hold(): void;
  letGo(): void;
}

/** Puts a program called git into a folder; it waits for repositories whose path ends in one of these names. */
export function heldGit(bin: string, names: readonly string[]): HeldGit {
  Deno.mkdirSync(bin);
  const sign = join(bin, "held");
  const script = `#!/bin/sh
PATH="\${PATH#*:}"
case "$* " in
${names.map((name) => `*/${name}\\ *\\ log\\ *`).join("|")})
  while [ -e '${sign}' ]; do sleep 0.1; done
esac
exec git "$@"
`;
  Deno.writeTextFileSync(join(bin, "git"), script, { mode: 0o755 });
  return {
    bin,
    hold: () => Deno.writeTextFileSync(sign, ""),
    letGo: () => Deno.removeSync(sign),
  };
}
