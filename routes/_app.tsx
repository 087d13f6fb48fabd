import { Masthead, SampleBanner } from "../components/Masthead.tsx";
import { define } from "../define.ts";
import Help from "../islands/Help.tsx";
import Search from "../islands/Search.tsx";
import StatusBar from "../islands/StatusBar.tsx";
import { preferencesOf } from "../lib/http/preferences.ts";
import { staticHref } from "../lib/http/static_cache.ts";
import type { Status } from "../lib/queries/schemas.ts";
import type { SyncTotals } from "../lib/domain/sync_model.ts";

/** In the order in which they override each other. */
const STYLES = [
  "tokens",
  "frame",
  "tables",
  "explained",
  "text",
  "details",
  "overview",
  "session",
  "loom",
  "settings",
  "code",
  "blame",
  "diff",
  "dialogs",
  "status_bar",
  "forced_colors",
  "print",
];

/** The document around every page: masthead above, status bar below. */
export default define.page(({ Component, req, state, url }) => {
  const { theme, timeZone, weekStart } = preferencesOf(req.headers);
  return (
    <html
      lang="en"
      data-theme={theme === "system" ? undefined : theme}
      data-zone={timeZone ?? undefined}
      data-week={weekStart}
    >
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{state.title ? `${state.title} · Ascribe` : "Ascribe"}</title>
        <link rel="icon" href={staticHref("/icon.svg", state.version)} type="image/svg+xml" />
        {STYLES.map((name) => (
          <link key={name} rel="stylesheet" href={staticHref(`/${name}.css`, state.version)} />
        ))}
      </head>
      <body>
        <a class="skip-link" href="#main">Skip to content</a>
        <Masthead path={url.pathname}>
          <Search />
          <Help />
        </Masthead>
        {state.sample && <SampleBanner />}
        <main id="main" tabIndex={-1}>
          <Component />
        </main>
        {state.status && (
          <StatusBar
            totals={totalsOf(state.status)}
            running={state.gitSync.running === "user"}
            now={Date.now()}
          />
        )}
      </body>
    </html>
  );
});

/** The totals that the StatusBar shows on a page that has just been served. */
function totalsOf(
  { sessionsIndexed, projectsFound, commitsFound, lastGitSyncAt }: Status,
): SyncTotals {
  return {
    sessionsIndexed,
    projectsFound,
    commitsFound,
    lastGitSyncAt: lastGitSyncAt === null ? null : Date.parse(lastGitSyncAt),
  };
}
