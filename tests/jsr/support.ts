import { App, staticFiles } from "fresh";
import { withFileRoutes } from "../support/file_routes.ts";
import type { State } from "./site/define.ts";

export type Handler = ReturnType<App<State>["handler"]>;

/** Builds the app of the site in `site/` and gives its handler. */
export async function siteHandler(): Promise<Handler> {
  const app = new App<State>().use(staticFiles())
    .get("/early", (ctx) => new Response(`early ${ctx.state.trace ?? "untraced"}`))
    .use((ctx) => {
      ctx.state.trace = ["app"];
      return ctx.next();
    })
    .fsRoutes()
    .get("/late", (ctx) => new Response(ctx.state.trace.join(" ")));
  return (await withFileRoutes(app, new URL("site/", import.meta.url))).handler();
}

/** Sends a request to a handler, with no port between. */
export async function ask(handler: Handler, path: string, init?: RequestInit) {
  const response = await handler(new Request(new URL(path, "http://localhost"), init));
  return {
    status: response.status,
    headers: response.headers,
    text: await response.text(),
    response,
  };
}

/** Silences the console, where an error that a test wants would be printed. */
export async function quietly<T>(work: () => Promise<T>): Promise<T> {
  const { error } = console;
  console.error = () => {};
  try {
    return await work();
  } finally {
    console.error = error;
  }
}
