/** Rare lines that are as good as none: the first two or three make the difference. */
const RARE = 0.8;
/** What lines like a session's come to by chance, squared and by line of the commit. */
const CHANCE = 0.15;

/**
 * How surely so many rare lines agree for a reason, from 0 to 1.
 *
 * A few are enough in a small commit. Chance matches grow with the commit, by the root of its lines, so that a large one
 * takes more.
 *
 * @param weight How many rare lines those are worth that agree.
 * @param telling How many lines could have.
 */
export function beyondChance(weight: number, telling: number): number {
  const rare = 1 - Math.exp(-weight / RARE);
  return rare * (1 - Math.exp(-(weight * weight) / Math.max(1, telling) / CHANCE));
}
