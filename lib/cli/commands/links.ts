import type { Tier } from "../../domain/links.ts";
import { RULE_NAMES } from "../../queries/evidence.ts";
import { everyLink } from "../../queries/links.ts";
import type { LinkRecord } from "../../store/shapes.ts";
import { formatShare } from "../../text/format.ts";
import { type Command, EXIT, type Flags, UsageError } from "../command.ts";
import {
  LIST_FLAGS,
  openReading,
  type Pages,
  pagesOf,
  repositoryOf,
  wantsJson,
} from "../reading.ts";
import { type Cell, type Column, printTable } from "../table.ts";

/** `ascribe links` */
export const links: Command = {
  name: "links",
  summary: "Print every link between a session and a commit",
  usage: "links [--format text|json] [--repository NAME|.] [--tier 1|2]",
  details: "Prints the links, the oldest commit first. As JSON each is a line of its own:\n" +
    '{"sessionId","commit","repository","tier","confidence","evidence":[{"rule",…}]}',
  flags: {
    ...LIST_FLAGS,
    "tier": { type: "string", value: "TIER", help: "1: recorded connections; 2: inferred ones" },
  },
  words: { min: 0, max: 0 },
  async run(call) {
    const { flags, config, output } = call;
    const json = wantsJson(flags);
    const tier = tierOf(flags);
    using context = openReading(call);
    const repository = await repositoryOf(context, flags.text("repository"));
    const found = everyLink.run(context, { tier, repository });
    if (json) { for await (const link of found) output.print(JSON.stringify(link)); }
    else await printTable(output, COLUMNS, rowsOf(found, pagesOf(config)));
    return EXIT.ok;
  },
};

const COLUMNS: readonly Column[] = [
  { head: "Commit", style: "hash" },
  { head: "Sure", align: "right" },
  { head: "How" },
  { head: "Session", style: "session" },
  { head: "Repository" },
  { head: "Evidence" },
];

async function* rowsOf(links: AsyncIterable<LinkRecord>, pages: Pages): AsyncGenerator<Cell[]> {
  for await (const { commit, confidence, tier, sessionId, repository, evidence } of links) {
    yield [
      { text: commit.slice(0, 10), href: pages.commit(commit) },
      formatShare(confidence),
      tier === 1 ? "recorded" : "inferred",
      { text: sessionId, href: pages.session(sessionId) },
      repository,
      evidence.map(({ rule }) => RULE_NAMES[rule].toLowerCase()).join(", "),
    ];
  }
}

function tierOf(flags: Flags): Tier | undefined {
  const tier = flags.text("tier");
  if (tier === undefined) return undefined;
  if (tier === "1" || tier === "2") return Number(tier) as Tier;
  throw new UsageError(`--tier must be 1 or 2, not ${JSON.stringify(tier)}`);
}
