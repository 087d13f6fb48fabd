import { AgentTable } from "../components/AgentTells.tsx";
import { Explanation } from "../components/Overview.tsx";
import { KeyList } from "../components/KeyList.tsx";
import { PageHead, SectionHead } from "../components/PageHead.tsx";
import { TierMark } from "../components/EvidenceList.tsx";
import { page } from "fresh";
import { define } from "../define.ts";
import { RULE_MEANINGS, RULE_NAMES } from "../lib/queries/evidence.ts";
import { RULES } from "../lib/domain/links.ts";

export const handler = define.handlers({
  GET(ctx) {
    ctx.state.title = "Help";
    return page();
  },
});

export default define.page(() => (
  <>
    <PageHead title="Help" />
    <Explanation />
    <section aria-labelledby="links">
      <SectionHead id="links" title="How links are decided" />
      <p class="lede">
        A link is a session and a commit that belong together. Everything that speaks for it is
        weighed together, against every other session that could have made the commit.
      </p>
      <dl class="pairs">
        <dt>
          <TierMark tier={1} />
        </dt>
        <dd>Somebody or something recorded the connection.</dd>
        <dt>
          <TierMark tier={2} />
        </dt>
        <dd>It was inferred from lines, files and times. Time alone is weak.</dd>
        <dt>
          <TierMark tier={null} />
        </dt>
        <dd>No session is linked with the commit.</dd>
      </dl>
    </section>
    <section aria-labelledby="rules">
      <SectionHead id="rules" title="What counts as evidence" />
      <dl class="pairs">
        {RULES.map((rule) => (
          <div key={rule} class="pair">
            <dt>
              {RULE_NAMES[rule]} <code class="faint">{rule}</code>
            </dt>
            <dd>{RULE_MEANINGS[rule]}</dd>
          </div>
        ))}
      </dl>
    </section>
    <section aria-labelledby="agents">
      <SectionHead id="agents" title="Agents" />
      <AgentTable />
    </section>
    <section aria-labelledby="keys">
      <SectionHead id="keys" title="Keys" />
      <KeyList />
    </section>
  </>
));
