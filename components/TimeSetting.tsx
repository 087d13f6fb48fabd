import { type Preferences, WEEK_STARTS, type WeekStart } from "../lib/client/preferences.ts";

const DAYS: Record<WeekStart, string> = { 0: "Sunday", 1: "Monday", 6: "Saturday" };

/** In whose time pages are written, and where weeks begin. */
export function TimeSetting(
  { preferences: { timeZone, weekStart } }: { preferences: Preferences },
) {
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <section class="setting" aria-labelledby="time">
      <h2 id="time">Time</h2>
      <div>
        <form method="post" action="/settings">
          <input type="hidden" name="setting" value="time" />
          <label for="time-zone">Time zone</label>
          <select id="time-zone" name="timeZone">
            <option value="" selected={timeZone === null}>As this machine ({own})</option>
            {["UTC", ...Intl.supportedValuesOf("timeZone").filter((name) => name !== "UTC")].map(
              (name) => (
                <option key={name} value={name} selected={name === timeZone}>
                  {name.replaceAll("_", " ")}
                </option>
              ),
            )}
          </select>
          <label for="week-start">Weeks begin on</label>
          <select id="week-start" name="weekStart">
            {WEEK_STARTS.map((day) => (
              <option key={day} value={day} selected={day === weekStart}>{DAYS[day]}</option>
            ))}
          </select>
          <button class="button" type="submit">Save</button>
        </form>
        <p class="note">
          {timeZone === null ? "The machine's own time zone, by default." : "Chosen here."}{" "}
          {weekStart === 1
            ? "Weeks begin on Monday by default."
            : "The week's start is chosen here."} What is chosen is kept in this browser.
        </p>
      </div>
    </section>
  );
}
