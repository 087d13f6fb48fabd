import { AppContext } from "../contexts.ts";
import { define } from "../define.ts";

export default define.page(({ Component, data, state, url }) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <title>{state.title ?? "Site"}</title>
      <style>{"body { margin: 0 }"}</style>
    </head>
    <body data-path={url.pathname} data-data={String(data)}>
      <AppContext.Provider value="provided">
        <Component />
      </AppContext.Provider>
    </body>
  </html>
));
