import { page } from "fresh";
import { Empty } from "../components/Empty.tsx";
import { Excerpt } from "../components/SearchResults.tsx";
import { PageHead, SectionHead } from "../components/PageHead.tsx";
import { Time } from "../components/Time.tsx";
import { define } from "../define.ts";
import { entriesOf } from "../lib/queries/search_hits.ts";
import { contextOf } from "../lib/http/api.ts";
import { parseInput } from "../lib/http/input.ts";
import { search } from "../lib/queries/overview.ts";

const SHOWN = 25;
const GROUPS = ["Sessions", "Commits", "Files", "Prompts"] as const;

export const handler = define.handlers({
  async GET(ctx) {
    const { q = "" } = await parseInput("search", ctx.url.searchParams);
    ctx.state.title = q === "" ? "Search" : `Search: ${q}`;
    const found = q === "" ? null : await search.run(contextOf(ctx.state), { q, limit: SHOWN });
    return page({ text: q, entries: found === null ? null : entriesOf(found) });
  },
});

export default define.page<typeof handler>(({ data: { text, entries } }) => (
  <>
    <PageHead title="Search" />
    <form class="filters" method="get" autocomplete="off" action="/search" role="search">
      <label>
        Sessions, commits, files and prompts
        <input type="search" name="q" value={text} maxLength={200} dir="auto" />
      </label>
      <button class="button" type="submit">Search</button>
    </form>
    {entries?.length === 0 && (
      <Empty title="Nothing was found">
        Words are taken as starts of words, and all of them must occur. The start of a hash or of a
        session's id works too.
      </Empty>
    )}
    {GROUPS.map((group) => {
      const ofGroup = entries?.filter((entry) => entry.group === group) ?? [];
      if (ofGroup.length === 0) return null;
      return (
        <section key={group} aria-labelledby={`found-${group}`}>
          <SectionHead id={`found-${group}`} title={group} />
          <ul class="rows">
            {ofGroup.map((entry) => (
              <li key={entry.key}>
                <a href={entry.href} class="line">
                  <Excerpt excerpt={entry.excerpt} />
                </a>
                <span class="facts faint">
                  <span class="quoted">{entry.note}</span>
                  <Time at={entry.at} unknown="" />
                </span>
              </li>
            ))}
          </ul>
        </section>
      );
    })}
  </>
));
