import type { Config } from "../config.ts";
import type { Database } from "../store/database.ts";
import { openStore } from "../store/open.ts";
import { CommandFailure } from "./failure.ts";

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
