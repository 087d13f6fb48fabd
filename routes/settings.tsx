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
import { isTimeZone, THEMES, WEEK_STARTS } from "../lib/domain/preferences.ts";
import { contextOf, statusOf } from "../lib/http/api.ts";
import { readForm } from "../lib/http/body.ts";
import { parseActionInput } from "../lib/http/input.ts";
import { preferenceCookie, preferencesOf } from "../lib/http/preferences.ts";
import {
  erase,
  rebuild,
  removeAlias,
  setAlias,
  setExcluded,
  setInterval,
} from "../lib/queries/actions.ts";
import { type ActionContext, everyItem, QueryError } from "../lib/queries/query.ts";
import { aliases, repositories } from "../lib/queries/repositories.ts";
import { status, storage } from "../lib/queries/status.ts";
import { INTERVAL_LIMITS, isInterval } from "../lib/store/write/settings.ts";

export const handler = define.handlers({
  async GET(ctx) {
    ctx.state.title = "Settings";
    return page({ ...await shown(ctx.state), problem: null as string | null });
  },

  async POST(ctx) {
    ctx.state.title = "Settings";
    const form = await readForm(ctx.req);
    const texts = Object.fromEntries([...form].map(([name, value]) => [name, String(value)]));
    try {
      return saved(ctx, await apply(contextOf(ctx.state), texts));
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      const status = statusOf(error.code);
      return page({ ...await shown(ctx.state), problem: error.message as string | null }, {
        status,
      });
    }
  },
});

/** What the page shows besides what is wrong with a form. */
async function shown(state: State) {
  const context = contextOf(state);
  return {
    ...await aliases.run(context, {}),
    ...await storage.run(context, {}),
    repositories: await everyItem(repositories, context),
    status: await status.run(context, {}),
  };
}

/** Where the reader goes on after a setting was kept. */
interface Saved {
  cookies?: string[];
  /** @default {"/settings"} */
  to?: string;
}

/** Keeps what a form says. */
async function apply(context: ActionContext, texts: Record<string, string>): Promise<Saved> {
  const given = { texts: true };
  switch (texts.setting) {
    case "theme": {
      const theme = THEMES.find((known) => known === texts.theme);
      if (theme === undefined) throw new QueryError("badRequest", "There is no such theme.");
      return { cookies: [preferenceCookie("theme", theme)] };
    }
    case "time": {
      const { timeZone = "", weekStart } = texts;
      const week = WEEK_STARTS.find((day) => String(day) === weekStart);
      if (week === undefined || (timeZone !== "" && !isTimeZone(timeZone))) {
        throw new QueryError("badRequest", "There is no such time zone or week.");
      }
      const cookies = [
        preferenceCookie("timeZone", timeZone === "" ? null : timeZone),
        preferenceCookie("weekStart", week),
      ];
      return { cookies, to: "/settings#time" };
    }
    case "interval": {
      const { min, max } = INTERVAL_LIMITS;
      const seconds = Number(texts.seconds?.trim() || NaN);
      if (!isInterval(seconds)) {
        const range = `from ${min} to ${max.toLocaleString("en")} seconds`;
        throw new QueryError("badRequest", `The interval must be 0 (off) or ${range}.`);
      }
      await setInterval.run(context, { seconds });
      return {};
    }
    case "exclude":
      await setExcluded.run(context, await parseActionInput("setExcluded", texts, given));
      return { to: "/settings#repositories" };
    case "alias": {
      const isTakenBack = (texts.newPath ?? "").trim() === "";
      if (isTakenBack) {
        await removeAlias.run(context, await parseActionInput("removeAlias", texts, given));
      } else {
        await setAlias.run(context, await parseActionInput("setAlias", texts, given));
      }
      return { to: "/settings#aliases" };
    }
    case "rebuild":
      await rebuild.run(context, {});
      return {};
    case "erase":
      if (!context.sample && texts.word !== ERASE_WORD) {
        const problem = `Nothing was erased: type ${ERASE_WORD} to go on.`;
        throw new QueryError("badRequest", problem);
      }
      await erase.run(context, {});
      return {};
    default:
      throw new HttpError(400, "There is no such setting.");
  }
}

/** Back to the page, so that reloading it sends nothing again. */
function saved(
  ctx: { redirect(path: string, status: number): Response },
  { cookies = [], to = "/settings" }: Saved,
) {
  const response = ctx.redirect(to, 303);
  for (const cookie of cookies) response.headers.append("set-cookie", cookie);
  return response;
}

export default define.page<typeof handler>(({ data, state, req }) => {
  const { problem, size, stored, repositories, status } = data;
  const preferences = preferencesOf(req.headers);
  return (
    <>
      <PageHead title="Settings" />
      {problem !== null && <p class="notice notice-bad" role="alert">{problem}</p>}
      <div class="settings">
        <IntervalSetting
          seconds={status.gitSyncIntervalSecs}
          stored={stored.includes("gitSyncIntervalSecs")}
        />
        <ThemeSetting theme={preferences.theme} />
        <TimeSetting preferences={preferences} />
        <PlacesSettings
          config={state.config}
          sample={state.sample ?? false}
          agents={data.agents}
          size={size}
        />
        <RepositorySettings repositories={repositories} />
        <AliasSettings aliases={data.aliases} suggestions={data.suggestions} />
        <section class="setting" aria-labelledby="rebuild">
          <h2 id="rebuild">Rebuild</h2>
          <div>
            <form method="post" action="/settings">
              <input type="hidden" name="setting" value="rebuild" />
              <button class="button" type="submit">Read every session again</button>
            </form>
            <p class="note">
              Sessions and links stay until the new ones are ready. Sessions whose source is gone
              are kept.
            </p>
          </div>
        </section>
        <EraseSetting sample={state.sample ?? false} totals={status} />
      </div>
    </>
  );
});
