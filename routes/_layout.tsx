import { define } from "../define.ts";
import { DatesContext } from "../lib/client/use_dates.ts";
import { preferencesOf } from "../lib/http/preferences.ts";
import { dateFormat } from "../lib/time/dates.ts";

/** The reader's time zone, for every time on the page. A context of `_app` would not reach the page: it is text by then. */
export default define.page(({ Component, req }) => (
  <DatesContext.Provider value={dateFormat(preferencesOf(req.headers).timeZone)}>
    <Component />
  </DatesContext.Provider>
));
