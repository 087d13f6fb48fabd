import { basename } from "../links/paths.ts";
import type { Database } from "./database.ts";

/**
 * Names places by the last part of their path, and those that share it by as many folders before it as tell them apart:
 * `app`, but `work/app` and `play/app`.
 *
 * @param paths Different ones, with `/` between their parts.
 * @returns A name for each, no two the same unless one path ends with all of another.
 */
export function distinctNames(paths: readonly string[]): string[] {
  const parts = paths.map((path) =>
    path.replace(/\.git$/, "").split("/").filter((it) => it !== "")
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

/** What a repository is called where no other is called the same. */
export function plainName(path: string): string {
  return basename(path).replace(/\.git$/, "") || path;
}

/** Gives every repository a name that no other has, changing those alone that differ. */
export function nameRepositories(db: Database): void {
  const rows = db.all<{ id: number; path: string; name: string }>(
    "SELECT id, path, name FROM repositories ORDER BY path, id",
  );
  const names = distinctNames(rows.map(({ path }) => path));
  db.transaction(() => {
    rows.forEach(({ id, name }, i) => {
      if (name !== names[i]) {
        db.run("UPDATE repositories SET name = ? WHERE id = ?", names[i], id);
      }
    });
  });
}
