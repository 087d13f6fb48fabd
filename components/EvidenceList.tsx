import { useDates } from "../lib/client/use_dates.ts";
import type { Evidence, Tier } from "../lib/domain/links.ts";
import { explainWeight } from "../lib/links/explain.ts";
import { evidenceSentence, RULE_NAMES } from "../lib/queries/evidence.ts";
import { formatShare } from "../lib/text/format.ts";
import { Explained } from "./Explained.tsx";
import { METRIC_HELP } from "./metric_help.ts";

export interface TierMarkProps {
  /** Null where there is no link. */
  tier: 1 | 2 | null;
  /** From 0 to 1; without it only the tier is shown. */
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

export interface EvidenceListProps {
  tier: Tier;
  confidence: number;
  share: number | null;
  evidence: Evidence[];
}

/** Why a session and a commit belong together: how surely, and a sentence for each reason. */
export function EvidenceList({ tier, confidence, share, evidence }: EvidenceListProps) {
  return (
    <div class="evidence">
      <p class="facts">
        <Explained says={METRIC_HELP.confidence}>
          <TierMark tier={tier} confidence={confidence} />
        </Explained>
        <span class="soft">
          <Explained says={tier === 1 ? METRIC_HELP.recorded : METRIC_HELP.inferred}>
            {tier === 1 ? "recorded" : "inferred"}
          </Explained>
        </span>
        {share !== null && (
          <span class="soft">
            <Explained says={METRIC_HELP.share}>wrote {formatShare(share)} of its lines</Explained>
          </span>
        )}
      </p>
      <Reasons evidence={evidence} />
    </div>
  );
}

/** A sentence for each reason, with what it weighs by itself. */
export function Reasons({ evidence }: { evidence: Evidence[] }) {
  const dates = useDates();
  return (
    <ul class="reasons">
      {evidence.map((reason, i) => (
        <li key={i}>
          <span class="rule-name">{RULE_NAMES[reason.rule]}</span>{" "}
          <span class="quoted">{evidenceSentence(reason, dates)}</span>{" "}
          <span class="faint">{explainWeight(reason)}</span>
        </li>
      ))}
    </ul>
  );
}
