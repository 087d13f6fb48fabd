import type { Config } from "../domain/settings.ts";
import type { GitError } from "../git/read/queries.ts";
import type { GitReading } from "../git/read/reading.ts";
import {
  type Action,
  type ActionContext,
  type ActionName,
  type Query,
  QueryError,
  type QueryName,
} from "../queries/query.ts";
import type { QueryErrorCode } from "../queries/schemas.ts";
import type { Database } from "../store/database.ts";
import { CursorError } from "../store/read/page.ts";
import { sqliteReads } from "../store/read/sqlite_reads.ts";
import type { GitSync, Indexing } from "../sync/git_sync.ts";
import { readJson } from "./body.ts";
import { errorResponse } from "./errors.ts";
import { parseActionInput, parseInput } from "./input.ts";

/** What a server answers with. */
export interface ServerState {
  store: Database;
  gitSync: GitSync;
  indexing: Indexing;
  git?: GitReading;
  sample?: boolean;
  config?: Config;
}

/** What queries and actions of a server work with. */
export function contextOf(
  { store, gitSync, indexing, git = undefined, sample = false, config }: ServerState,
): ActionContext {
  const reads = sqliteReads(store);
  return {
    reads,
    machine: reads,
    git: git ?? null,
    sync: gitSync,
    config: config ?? null,
    gitSync,
    indexing,
    sample,
  };
}

/** What a route's handler is given, as far as the API needs it. */
export interface ApiRequest {
  state: ServerState;
  url: URL;
  req: Request;
  params: Record<string, string>;
}

/** A handler that answers with what a query gives, as JSON. The query's input is in the path and behind the `?`. */
export function answerWith<Name extends QueryName>(
  query: Query<Name>,
  respond: (value: unknown) => Response = (value) => Response.json(value),
): (ctx: ApiRequest) => Promise<Response> {
  return async ({ state, url, params }) => {
    try {
      const input = await parseInput(query.name, url.searchParams, params);
      return respond(await query.run(contextOf(state), input));
    } catch (error) {
      return refusal(error);
    }
  };
}

/**
 * A handler that does what an action does and answers with what it gives, as JSON. The action's input is the body; of
 * a request without one, as `DELETE` is, it stands behind the `?`.
 *
 * @param status @default {200}
 */
export function actWith<Name extends ActionName>(
  action: Action<Name>,
  { status = 200 }: { status?: number } = {},
): (ctx: ApiRequest) => Promise<Response> {
  return async ({ state, url, req }) => {
    try {
      let given: unknown = Object.fromEntries(url.searchParams);
      if (req.method === "PUT") {
        const body = await readJson(req);
        if (body.kind === "refused") return body.response;
        given = body.value;
      }
      const input = await parseActionInput(action.name, given);
      return Response.json(await action.run(contextOf(state), input), { status });
    } catch (error) {
      return refusal(error);
    }
  };
}

const STATUSES: Partial<Record<QueryErrorCode, number>> = {
  notFound: 404,
  ambiguous: 409,
  badRequest: 400,
  conflict: 409,
};

/** The HTTP status of a query's error. */
export function statusOf(code: QueryErrorCode): number {
  return STATUSES[code] ?? 503;
}

/** The HTTP status of a page that shows what git could not give. */
export function gitErrorStatus({ code }: Pick<GitError, "code">): number {
  return code === "notFound" ? 404 : 503;
}

/** The same address with a repository's id where its slug stands; null where the id stands there already. */
export function canonicalAddress({ pathname, search }: URL, id: string): string | null {
  const parts = pathname.split("/");
  if (parts[2] === id) return null;
  parts[2] = id;
  return parts.join("/") + search;
}

/** The address of each list that an error may lead to. */
const LISTS: Partial<Record<QueryName, string>> = {
  commits: "/api/commits",
  projects: "/api/projects",
  repositories: "/api/repositories",
  sessions: "/api/sessions",
};

function refusal(error: unknown): Response {
  if (error instanceof CursorError) return errorResponse(400, error.message);
  if (!(error instanceof QueryError)) throw error;
  const { code, message, listedBy } = error;
  const hint = listedBy === null ? "" : ` GET ${LISTS[listedBy]} lists them.`;
  return errorResponse(statusOf(code), message + hint, { code });
}
