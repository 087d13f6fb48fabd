import { define } from "../define.ts";

export default define.page(({ Component, data, url }) => (
  <html lang="en">
    <head>
      <meta charset="utf-8" />
      <title>Site</title>
      <style>{"body { margin: 0 }"}</style>
    </head>
    <body data-path={url.pathname} data-data={String(data)}>
      <Component />
    </body>
  </html>
));
