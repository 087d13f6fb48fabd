import { App, type Context, HttpError, staticFiles } from "fresh";
import type { State } from "./define.ts";
import { run } from "./lib/cli/program.ts";
import { lazyServices } from "./lib/cli/serving.ts";
import { secure } from "./lib/http/secure.ts";
import { staticVersion } from "./lib/http/static_cache.ts";
import { logFault } from "./lib/text/log.ts";

/** What every request needs; {@linkcode State} says what each part is. */
export type Services = Pick<State, "store" | "gitSync" | "indexing"> & Partial<State>;

/** A Fresh app whose every answer, error pages included, passes the guard and carries the security headers. */
export class AscribeApp extends App<State> {
  readonly #token: string | null;

  /** @param token What every request has to show, if anything. */
  constructor(token: string | null) {
    super();
    this.#token = token;
  }

  override handler(): ReturnType<App<State>["handler"]> {
    return secure(super.handler(), { token: this.#token });
  }
}

/**
 * Builds the whole server around `services`. It opens nothing: requests go to the app's `handler()`, port or no port.
 */
export function createApp(services: Services): AscribeApp {
  return appAround(() => services, services.config?.token ?? null);
}

/** The server with services of its own, opened by the first request. */
export const app: AscribeApp = appAround(lazyServices(), null);

function appAround(
  services: () => Services | Promise<Services>,
  token: string | null,
): AscribeApp {
  return new AscribeApp(token)
    .use(logFaults, staticFiles())
    .use(async (ctx) => {
      const { store, gitSync, indexing, git, sample, config } = await services();
      const version = await staticVersion();
      Object.assign(ctx.state, { store, gitSync, indexing, git, sample, config, version });
      return await ctx.next();
    })
    .fsRoutes();
}

/** The folder that a build writes to. */
const BUILD = new URL("./_fresh/", import.meta.url);

/**
 * Gives an app what Fresh's own `Builder` made, without which Fresh answers 404 everywhere. The stand-in under `jsr/`
 * writes no snapshot: it finds routes, islands and static files by itself.
 */
async function withBuild(app: AscribeApp): Promise<AscribeApp> {
  const file = new URL("snapshot.js", BUILD);
  const isBuilt = await Deno.stat(file).then(({ isFile }) => isFile, () => false);
  if (!isBuilt) return app;
  const internal = "fresh/internal";
  const { ProdBuildCache, setBuildCache } = await import(internal);
  const snapshot = await import(file.href);
  setBuildCache(app, new ProdBuildCache(import.meta.dirname, snapshot), "production");
  return app;
}

/** The error page, which says nothing of what was thrown, leads its reader to the log. */
async function logFaults(ctx: Context<State>): Promise<Response> {
  try {
    return await ctx.next();
  } catch (error) {
    if (!(error instanceof HttpError)) logFault(error);
    throw error;
  }
}

if (import.meta.main) {
  const handlerFor = async (services: Services) => (await withBuild(createApp(services))).handler();
  Deno.exit(await run(Deno.args, { handlerFor }));
}
