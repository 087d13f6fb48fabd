import { formatShare } from "../lib/client/format.ts";
import { explainWeight } from "../lib/links/explain.ts";
import type { Evidence, Tier } from "../lib/links/link.ts";
import { useDates } from "../lib/client/use_dates.ts";
import { COUNTED } from "../lib/pages/counted.ts";
import { evidenceSentence, RULE_NAMES } from "../lib/pages/evidence.ts";
import { Explained } from "./Explained.tsx";
import { TierMark } from "./TierMark.tsx";

/** Props of {@linkcode EvidenceList}. */
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
        <Explained says={COUNTED.confidence}>
          <TierMark tier={tier} confidence={confidence} />
        </Explained>
        <span class="soft">
          <Explained says={tier === 1 ? COUNTED.recorded : COUNTED.inferred}>
            {tier === 1 ? "recorded" : "inferred"}
          </Explained>
        </span>
        {share !== null && (
          <span class="soft">
            <Explained says={COUNTED.share}>wrote {formatShare(share)} of its lines</Explained>
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
