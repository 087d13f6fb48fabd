import { LANDED, type Landed } from "../lib/store/views/landed_counts.ts";

/** What each choice is called. */
export const LANDED_NAMES: Record<Landed, string> = {
  missing: "Not all in a commit",
  none: "None in a commit",
  some: "Some in a commit",
  all: "All in a commit",
};

/** Chooses how much of what was written is in a commit. */
export function LandedSelect({ landed }: { landed?: Landed }) {
  return (
    <select name="landed">
      <option value="" selected={landed === undefined}>In a commit or not</option>
      {LANDED.map((one) => (
        <option key={one} value={one} selected={one === landed}>{LANDED_NAMES[one]}</option>
      ))}
    </select>
  );
}
