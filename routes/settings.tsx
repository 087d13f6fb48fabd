import { HttpError, page } from "fresh";
import { PageHead } from "../components/PageHead.tsx";
import {
  AliasSettings,
  ERASE_WORD,
  EraseSetting,
  IntervalSetting,
  PlacesSettings,
  RepositorySettings,
  ThemeSetting,
  TimeSetting,
} from "../components/Settings.tsx";
import { define, type State } from "../define.ts";
import type { RepositoryId } from "../lib/domain/ids.ts";
import { isTimeZone, THEMES, WEEK_STARTS } from "../lib/domain/preferences.ts";
import type { Config } from "../lib/domain/settings.ts";
import { parseAlias } from "../lib/http/alias_form.ts";
import { readForm } from "../lib/http/body.ts";
import { preferenceCookie, preferencesOf } from "../lib/http/preferences.ts";
import { type DataSize, measureData } from "../lib/store/data_size.ts";
import { getRepository, listRepositories } from "../lib/store/read/repositories.ts";
import { getStatus } from "../lib/store/read/stats.ts";
import { listAliases, suggestMoves } from "../lib/store/write/repository_aliases.ts";
import { isStored, parseIntervalSecs } from "../lib/store/write/settings.ts";

export const handler = define.handlers({
  async GET(ctx) {
    ctx.state.title = "Settings";
    return page({ problem: null as string | null, size: await sizeOf(ctx.state.config) });
  },

  async POST(ctx) {
    ctx.state.title = "Settings";
    const form = await readForm(ctx.req);
    switch (form.get("setting")) {
      case "theme": {
        const theme = THEMES.find((known) => known === form.get("theme"));
        if (theme === undefined) throw new HttpError(400, "There is no such theme.");
        return saved(ctx, { cookies: [preferenceCookie("theme", theme)] });
      }
      case "time": {
        const zone = String(form.get("timeZone") ?? "");
        const week = WEEK_STARTS.find((day) => String(day) === form.get("weekStart"));
        if (week === undefined || (zone !== "" && !isTimeZone(zone))) {
          return await refused(ctx, "There is no such time zone or week.", 400);
        }
        const cookies = [
          preferenceCookie("timeZone", zone === "" ? null : zone),
          preferenceCookie("weekStart", week),
        ];
        return saved(ctx, { cookies, to: "/settings#time" });
      }
      case "interval": {
        const parsed = parseIntervalSecs(String(form.get("seconds") ?? ""));
        if (parsed.kind === "invalid") return await refused(ctx, parsed.message, 400);
        await ctx.state.gitSync.setIntervalSecs(parsed.seconds);
        return saved(ctx);
      }
      case "exclude": {
        const id = Number(form.get("repository")) as RepositoryId;
        if (getRepository(ctx.state.store, id) === undefined) {
          return await refused(ctx, "There is no such repository any more.", 404);
        }
        await ctx.state.gitSync.setExcluded(id, form.get("excluded") === "yes");
        return saved(ctx, { to: "/settings#repositories" });
      }
      case "alias": {
        const change = await parseAlias(form);
        if (change.kind === "invalid") return await refused(ctx, change.message, 400);
        await ctx.state.gitSync.changeAlias(change.change);
        return saved(ctx, { to: "/settings#aliases" });
      }
      case "rebuild": {
        const outcome = ctx.state.indexing.rebuild();
        if (outcome.kind === "accepted") return saved(ctx);
        return await refused(ctx, "A sync is running: wait until it ends.", 409);
      }
      case "erase": {
        if (ctx.state.sample) {
          return await refused(ctx, "This is sample data: stop Ascribe, then erase.", 409);
        }
        if (form.get("word") !== ERASE_WORD) {
          const problem = `Nothing was erased: type ${ERASE_WORD} to go on.`;
          return await refused(ctx, problem, 400);
        }
        await ctx.state.gitSync.erase();
        return saved(ctx);
      }
      default:
        throw new HttpError(400, "There is no such setting.");
    }
  },
});

/** The page again, with what is wrong. */
async function refused(ctx: { state: State }, problem: string, status: number) {
  return page({ problem: problem as string | null, size: await sizeOf(ctx.state.config) }, {
    status,
  });
}

async function sizeOf(config: Config | undefined): Promise<DataSize | null> {
  return config === undefined ? null : await measureData(config.dataDir);
}

/** Back to the page, so that reloading it sends nothing again. */
function saved(
  ctx: { redirect(path: string, status: number): Response },
  { cookies = [], to = "/settings" }: { cookies?: string[]; to?: string } = {},
) {
  const response = ctx.redirect(to, 303);
  for (const cookie of cookies) response.headers.append("set-cookie", cookie);
  return response;
}

export default define.page<typeof handler>(({ data: { problem, size }, state, req }) => {
  const preferences = preferencesOf(req.headers);
  return (
    <>
      <PageHead title="Settings" />
      {problem !== null && <p class="notice notice-bad" role="alert">{problem}</p>}
      <div class="settings">
        <IntervalSetting
          seconds={state.gitSync.intervalSecs}
          stored={isStored(state.store, "gitSyncIntervalSecs")}
        />
        <ThemeSetting theme={preferences.theme} />
        <TimeSetting preferences={preferences} />
        <PlacesSettings config={state.config} sample={state.sample ?? false} size={size} />
        <RepositorySettings repositories={listRepositories(state.store)} />
        <AliasSettings
          aliases={listAliases(state.store)}
          suggestions={suggestMoves(state.store)}
        />
        <section class="setting" aria-labelledby="rebuild">
          <h2 id="rebuild">Rebuild</h2>
          <div>
            <form method="post" action="/settings">
              <input type="hidden" name="setting" value="rebuild" />
              <button class="button" type="submit">Read every transcript again</button>
            </form>
            <p class="note">
              Sessions and links stay until the new ones are ready. Sessions whose transcript is
              gone are kept.
            </p>
          </div>
        </section>
        <EraseSetting sample={state.sample ?? false} totals={getStatus(state.store)} />
      </div>
    </>
  );
});
