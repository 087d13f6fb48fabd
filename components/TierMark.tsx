import { formatShare } from "../lib/client/format.ts";

/** Props of {@linkcode TierMark}. */
export interface TierMarkProps {
  /** Null where there is no link. */
  tier: 1 | 2 | null;
  /** From 0 to 1; without it only the tier is told. */
  confidence?: number;
}

/** A link as the loom draws it: a thread, heavier the surer it is, dashed where it was inferred. */
export function TierMark({ tier, confidence }: TierMarkProps) {
  if (tier === null) {
    return (
      <span class="tier">
        <svg class="no-thread" width="34" height="9" aria-hidden="true">
          <circle cx="29.5" cy="4.5" r="3" stroke-width="1.25" />
        </svg>
        <span class="visually-hidden">no link</span>
      </span>
    );
  }
  const words = tier === 1 ? "recorded" : "inferred";
  return (
    <span class="tier">
      <svg class="thread" width="34" height="9" aria-hidden="true">
        <line
          x1="1"
          x2="27"
          y1="4.5"
          y2="4.5"
          stroke-width={1 + 2 * (confidence ?? 0.6)}
          stroke-dasharray={tier === 1 ? undefined : "4 2.5"}
        />
        <circle cx="29.5" cy="4.5" r="3" />
      </svg>
      {confidence === undefined ? words : (
        <span>
          {formatShare(confidence)}
          <span class="visually-hidden">, {words}</span>
        </span>
      )}
    </span>
  );
}
