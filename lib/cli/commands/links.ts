import type { RepositoryId } from "../../ids.ts";
import type { Tier } from "../../links/link.ts";
import type { Database } from "../../store/database.ts";
import { iterateLinks, type LinkFilter, type LinkRecord } from "../../store/views/link_list.ts";
import { listRepositories } from "../../store/views/repository_list.ts";
import type { Command, Flags } from "../command.ts";
import { EXIT, UsageError } from "../failure.ts";
import { openForReading } from "../open_for_reading.ts";

/** `ascribe links` */
export const links: Command = {
  name: "links",
  summary: "Print every link between a session and a commit",
  usage: "links [--format text|json] [--repository NAME] [--tier 1|2]",
  details: "Prints the links, the oldest commit first. As JSON each is a line of its own:\n" +
    '{"sessionId","commit","repository","tier","confidence","evidence":[{"rule",…}]}',
  flags: {
    "format": { type: "string", value: "FORMAT", help: "text or json, one link a line (text)" },
    "json": { type: "boolean", help: "the same as --format json" },
    "repository": { type: "string", value: "NAME", help: "one repository, by its name or folder" },
    "tier": { type: "string", value: "TIER", help: "1: recorded connections; 2: inferred ones" },
  },
  words: { min: 0, max: 0 },
  run({ flags, config, screen }) {
    const json = wantsJson(flags);
    const tier = tierOf(flags);
    using db = openForReading(config);
    const filter: LinkFilter = { tier, repositoryId: repositoryOf(db, flags.text("repository")) };
    for (const link of iterateLinks(db, filter)) {
      screen.out(json ? JSON.stringify(link) : linkLine(link));
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

function wantsJson(flags: Flags): boolean {
  const format = flags.text("format");
  if (format !== undefined && format !== "text" && format !== "json") {
    throw new UsageError(`--format must be text or json, not ${JSON.stringify(format)}`);
  }
  return format === "json" || (format === undefined && flags.on("json"));
}

function tierOf(flags: Flags): Tier | undefined {
  const tier = flags.text("tier");
  if (tier === undefined) return undefined;
  if (tier === "1" || tier === "2") return Number(tier) as Tier;
  throw new UsageError(`--tier must be 1 or 2, not ${JSON.stringify(tier)}`);
}

function repositoryOf(db: Database, name: string | undefined): RepositoryId | undefined {
  if (name === undefined) return undefined;
  const found = listRepositories(db).filter((it) => it.name === name || it.path === name);
  if (found.length === 1) return found[0].id;
  throw new UsageError(
    found.length === 0
      ? `No repository is called ${JSON.stringify(name)}: ascribe repositories lists them`
      : `Several repositories are called ${name}: give the folder, ${
        found.map(({ path }) => path).join(" or ")
      }`,
  );
}
