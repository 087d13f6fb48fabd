import { type Database, openDatabase } from "./database.ts";
import { databasePath } from "./open.ts";

/** The database's file as it was when it was opened: the system lets an open one go on after it was removed. */
export class OpenedFile {
  readonly #path: string;
  readonly #inode: number | null;

  constructor(dataDir: string) {
    this.#path = databasePath(dataDir);
    this.#inode = this.#look();
  }

  /**
   * Makes sure that what is stored will be there later.
   *
   * @throws {Error} If the file was removed or another took its place.
   */
  check(): void {
    if (this.#look() === this.#inode) return;
    throw new Error(
      `The database ${this.#path} was removed while Ascribe had it open, so nothing more can be kept. Start Ascribe again.`,
    );
  }

  #look(): number | null {
    try {
      return Deno.statSync(this.#path).ino;
    } catch {
      return -1;
    }
  }
}

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
