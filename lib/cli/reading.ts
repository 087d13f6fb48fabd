import type { Config } from "../domain/settings.ts";

import type { RepositoryId } from "../domain/ids.ts";
import type { QueryContext } from "../queries/query.ts";
import { repositoryNames } from "../queries/repositories.ts";
import { openStore } from "../store/open.ts";
import { sqliteReads } from "../store/read/sqlite_reads.ts";
import { CommandFailure, type Flag, type Flags, UsageError } from "./command.ts";

/** What queries of a command are answered from. Disposing of it closes the database. */
export type ReadingContext = QueryContext & Disposable;

/**
 * Opens what queries are answered from, whether or not a server has the database open.
 *
 * @throws {CommandFailure} If there is no database, or it cannot be read.
 */
export function openReading(config: Config): ReadingContext {
  const opened = openStore(config.dataDir, "read");
  if (opened.kind !== "opened") throw new CommandFailure(opened.message);
  const { db } = opened;
  const reads = sqliteReads(db);
  return {
    reads,
    machine: reads,
    git: null,
    sync: null,
    config,
    [Symbol.dispose]: () => db[Symbol.dispose](),
  };
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
export async function repositoryOf(
  context: QueryContext,
  name: string | undefined,
): Promise<RepositoryId | undefined> {
  if (name === undefined) return undefined;
  const found = (await repositoryNames.run(context, {}))
    .filter((it) => it.name === name || it.path === name);
  if (found.length === 1) return found[0].id;
  throw new UsageError(
    found.length === 0
      ? `No repository is called ${JSON.stringify(name)}: ascribe repositories lists them`
      : `Several repositories are called ${name}: give the folder, ${
        found.map(({ path }) => path).join(" or ")
      }`,
  );
}
