/** The part of Fresh 2 that this project uses. */
export { App } from "./app.ts";
export { type Context, createDefine, HttpError, page, type PageProps } from "./context.ts";
export { staticFiles } from "./static_files.ts";
