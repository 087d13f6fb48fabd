import { Masthead } from "../components/Masthead.tsx";
import { SampleBanner } from "../components/SampleBanner.tsx";
import { define } from "../define.ts";
import StatusBar from "../islands/StatusBar.tsx";
import { themeOf } from "../lib/client/theme.ts";
import { readTotals } from "../lib/pages/status_line.ts";

const STYLES = ["tokens", "styles", "pages", "code", "dialogs", "status_bar"];

/** The document around every page: masthead above, status bar below. */
export default define.page(({ Component, req, state, url }) => {
  const theme = themeOf(req.headers);
  return (
    <html lang="en" data-theme={theme === "system" ? undefined : theme}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{state.title ? `${state.title} · Ascribe` : "Ascribe"}</title>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        {STYLES.map((name) => <link key={name} rel="stylesheet" href={`/${name}.css`} />)}
      </head>
      <body>
        <a class="skip-link" href="#main">Skip to content</a>
        <Masthead path={url.pathname} />
        {state.sample && <SampleBanner />}
        <main id="main" tabIndex={-1}>
          <Component />
        </main>
        {state.store && (
          <StatusBar
            totals={readTotals(state)}
            running={state.gitSync.running === "user"}
            now={Date.now()}
          />
        )}
      </body>
    </html>
  );
});
