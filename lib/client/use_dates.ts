import { type Context, createContext } from "preact";
import { useContext } from "preact/hooks";
import { type DateFormat, dateFormat } from "../time/dates.ts";
import { pagePreferences } from "../domain/preferences.ts";

/** The format that the server writes a page's times in; an island in the browser has none above it. */
export const DatesContext: Context<DateFormat | null> = createContext<DateFormat | null>(null);

/** The format of the reader's time zone. */
export function useDates(): DateFormat {
  return useContext(DatesContext) ?? dateFormat(pagePreferences().timeZone);
}
