import type { Landed } from "../../domain/links.ts";
import type { RepositoryKey } from "../../domain/ids.ts";
import type { Database } from "../database.ts";
import type { LandedCounts } from "../shapes.ts";
import { cached } from "./cached.ts";

/** Sums that {@linkcode landedCounts} takes. */
export interface LandedSums {
  written: number;
  landed: number;
  undone: number;
}

/** Sums as they are shown. */
export function landedCounts({ written, landed, undone }: LandedSums): LandedCounts {
  return {
    linesWritten: written,
    linesLanded: landed,
    linesSuperseded: undone,
    linesNotLanded: written - landed - undone,
  };
}

/** The condition that so much of a row's lines landed, by the names of its columns. */
export function landedCondition(
  landed: Landed,
  columns: { landed: string; unlanded: string },
): string {
  switch (landed) {
    case "missing":
      return `${columns.unlanded} > 0`;
    case "none":
      return `${columns.landed} = 0 AND ${columns.unlanded} > 0`;
    case "some":
      return `${columns.landed} > 0 AND ${columns.unlanded} > 0`;
    case "all":
      return `${columns.landed} > 0 AND ${columns.unlanded} = 0`;
    default:
      return landed satisfies never;
  }
}

/** The sums of {@linkcode LandedSums} over `written_files w`. */
export const FILE_SUMS = "coalesce(sum(w.written), 0) AS written, " +
  "coalesce(sum(w.landed), 0) AS landed, coalesce(sum(w.undone), 0) AS undone";

/** Adds up what came of all lines that sessions wrote in a repository. */
export function landedOfRepository(db: Database, id: RepositoryKey): LandedCounts {
  return cached(db, `landed ${id}`, () =>
    landedCounts(
      db.get<LandedSums>(`SELECT ${FILE_SUMS} FROM written_files w WHERE w.repository_id = ?`, id)!,
    ));
}
