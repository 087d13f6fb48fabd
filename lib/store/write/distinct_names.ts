import type { Database } from "../database.ts";

/**
 * Names folders by the last part of their path, and those that share it by as many folders before it as tell them apart:
 * `app`, but `work/app` and `play/app`.
 *
 * @param paths Different ones; Windows' may have `\\` between their parts.
 * @returns A name for each, no two the same unless one path ends with all of another.
 */
export function distinctNames(paths: readonly string[]): string[] {
  const parts = paths.map((path) =>
    path.replace(/\.git$/, "").split(isWindowsPath(path) ? /[/\\]/ : "/").filter((it) => it !== "")
  );
  const alike = Map.groupBy(parts.keys(), (place) => parts[place].at(-1) ?? "");
  const names = paths.map((path) => path);
  for (const group of alike.values()) {
    for (const place of group) {
      const own = parts[place];
      const nameOf = (of: readonly string[], length: number) => of.slice(-length).join("/");
      let length = 1;
      while (
        length < own.length &&
        group.some((other) =>
          other !== place && nameOf(parts[other], length) === nameOf(own, length)
        )
      ) length++;
      if (own.length > 0) names[place] = nameOf(own, length);
    }
  }
  return names;
}

function isWindowsPath(path: string): boolean {
  return /^(?:[a-z]:[/\\]|\\\\)/i.test(path);
}

/** What a repository or a project is called where no other is called the same. */
export function plainName(path: string): string {
  return distinctNames([path])[0];
}

/** Gives every repository, or every project, a name that no other has, changing those alone that differ. */
export function nameDistinctly(db: Database, places: "repositories" | "projects"): void {
  const rows = db.all<{ id: number; path: string; name: string }>(
    `SELECT id, path, name FROM ${places} ORDER BY path, id`,
  );
  const names = distinctNames(rows.map(({ path }) => path));
  const renamed = rows.map(({ id, name }, i) => ({ id, name, now: names[i] }))
    .filter(({ name, now }) => name !== now);
  if (renamed.length === 0) return;
  db.transaction(() => {
    for (const { id, now } of renamed) {
      db.run(`UPDATE ${places} SET name = ? WHERE id = ?`, now, id);
    }
  });
}
