import { type Database, openDatabase } from "./database.ts";
import { databasePath } from "./open.ts";

/**
 * Removes everything from the database of a data folder while others read it: what they read next is a new, empty one.
 *
 * @param db The connection that writes.
 */
export async function emptyStore(db: Database, dataDir: string): Promise<void> {
  using empty = openDatabase(":memory:");
  await empty.copyTo(databasePath(dataDir));
  // What was there is in the log of changes too, until that is cut.
  db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
}
