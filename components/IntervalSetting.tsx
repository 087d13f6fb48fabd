import { formatDuration } from "../lib/client/format.ts";
import { INTERVAL_LIMITS } from "../lib/pages/interval.ts";

/** How often Ascribe looks for new work by itself. */
export function IntervalSetting({ seconds, stored }: { seconds: number; stored: boolean }) {
  return (
    <section class="setting" aria-labelledby="interval">
      <h2 id="interval">Background syncs</h2>
      <div>
        <form method="post" action="/settings">
          <input type="hidden" name="setting" value="interval" />
          <label for="interval-seconds">Every</label>
          <input
            id="interval-seconds"
            type="number"
            name="seconds"
            value={seconds}
            min="0"
            max={INTERVAL_LIMITS.max}
            step="1"
            required
            aria-describedby="interval-note"
          />
          <span>seconds</span>
          <button class="button" type="submit">Save</button>
        </form>
        <p class="note" id="interval-note">
          {seconds === 0
            ? "Off now: Ascribe looks for new work only when you press Sync now."
            : `Now every ${formatDuration(seconds * 1_000)}. 0 turns them off; else 10 to 86,400.`}
          {" "}
          {stored ? "Set here, kept in the database." : "The default."}
        </p>
      </div>
    </section>
  );
}
