/** Tells whether git says that a folder is no repository. */
export function saysNotARepository(stderr: string): boolean {
  return /not a git repository|invalid gitfile format|no path in gitfile/i.test(stderr);
}

/** Tells whether git says that a repository belongs to somebody else. */
export function saysNotOwned(stderr: string): boolean {
  return /dubious ownership|unsafe repository/i.test(stderr);
}

/** Tells whether git says that it may not read something. */
export function saysNotReadable(stderr: string): boolean {
  return /permission denied/i.test(stderr);
}

/** The first line of what git said that tells the matter, in 200 characters. */
export function firstLine(stderr: string): string {
  const lines = stderr.split("\n");
  const line = lines.find((line) => /^(?:fatal|error): /.test(line)) ?? lines[0];
  const plain = line.replace(/^(?:fatal|error): /, "");
  return plain === "" ? "no reason given" : plain.slice(0, 200);
}
