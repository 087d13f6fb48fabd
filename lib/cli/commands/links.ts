import type { Tier } from "../../domain/links.ts";
import { everyLink } from "../../queries/links.ts";
import type { LinkRecord } from "../../store/shapes.ts";
import { type Command, EXIT, type Flags, UsageError } from "../command.ts";
import { LIST_FLAGS, openReading, repositoryOf, wantsJson } from "../reading.ts";

/** `ascribe links` */
export const links: Command = {
  name: "links",
  summary: "Print every link between a session and a commit",
  usage: "links [--format text|json] [--repository NAME] [--tier 1|2]",
  details: "Prints the links, the oldest commit first. As JSON each is a line of its own:\n" +
    '{"sessionId","commit","repository","tier","confidence","evidence":[{"rule",…}]}',
  flags: {
    ...LIST_FLAGS,
    "tier": { type: "string", value: "TIER", help: "1: recorded connections; 2: inferred ones" },
  },
  words: { min: 0, max: 0 },
  async run({ flags, config, output }) {
    const json = wantsJson(flags);
    const tier = tierOf(flags);
    using context = openReading(config);
    const repository = await repositoryOf(context, flags.text("repository"));
    for await (const link of everyLink.run(context, { tier, repository })) {
      output.print(json ? JSON.stringify(link) : linkLine(link));
    }
    return EXIT.ok;
  },
};

function linkLine(
  { commit, confidence, tier, sessionId, repository, evidence }: LinkRecord,
): string {
  const rules = evidence.map(({ rule }) => rule).join(", ");
  return `${commit.slice(0, 10)}  ${
    confidence.toFixed(2)
  }  tier ${tier}  ${sessionId}  ${repository}  ${rules}`;
}

function tierOf(flags: Flags): Tier | undefined {
  const tier = flags.text("tier");
  if (tier === undefined) return undefined;
  if (tier === "1" || tier === "2") return Number(tier) as Tier;
  throw new UsageError(`--tier must be 1 or 2, not ${JSON.stringify(tier)}`);
}
