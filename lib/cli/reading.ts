import type { Config } from "../domain/settings.ts";

import type { RepositoryId } from "../domain/ids.ts";
import type { Database } from "../store/database.ts";
import { openStore } from "../store/open.ts";
import { listRepositories } from "../store/read/repositories.ts";
import { CommandFailure, type Flag, type Flags, UsageError } from "./command.ts";

/**
 * Opens the database for reading, whether or not a server has it open.
 *
 * @throws {CommandFailure} If there is none, or it cannot be read.
 */
export function openForReading({ dataDir }: Config): Database {
  const opened = openStore(dataDir, "read");
  if (opened.kind !== "opened") throw new CommandFailure(opened.message);
  return opened.db;
}

/** The flags that every printed list takes. */
export const LIST_FLAGS: Record<string, Flag> = {
  "format": { type: "string", value: "FORMAT", help: "text or json, one item a line (text)" },
  "json": { type: "boolean", help: "the same as --format json" },
  "repository": { type: "string", value: "NAME", help: "one repository, by its name or folder" },
};

/**
 * Tells whether a list is to be printed as JSON.
 *
 * @throws {UsageError} If `--format` is neither text nor json.
 */
export function wantsJson(flags: Flags): boolean {
  const format = flags.text("format");
  if (format !== undefined && format !== "text" && format !== "json") {
    throw new UsageError(`--format must be text or json, not ${JSON.stringify(format)}`);
  }
  return format === "json" || (format === undefined && flags.on("json"));
}

/**
 * Finds the repository that `--repository` names, by its name or its folder; undefined where nothing is said.
 *
 * @throws {UsageError} If none or several are called so.
 */
export function repositoryOf(db: Database, name: string | undefined): RepositoryId | undefined {
  if (name === undefined) return undefined;
  const found = listRepositories(db).filter((it) => it.name === name || it.path === name);
  if (found.length === 1) return found[0].id;
  throw new UsageError(
    found.length === 0
      ? `No repository is called ${JSON.stringify(name)}: ascribe repositories lists them`
      : `Several repositories are called ${name}: give the folder, ${
        found.map(({ path }) => path).join(" or ")
      }`,
  );
}
