import { isRevision } from "../git/revisions.ts";
import type { RepositoryId } from "../domain/ids.ts";
import { COMMIT_STATES, type CommitListOptions } from "../store/views/commit_list.ts";
import type { EditFilter } from "../store/views/edit_list.ts";
import { LANDED } from "../store/views/landed_counts.ts";
import type { PageOptions } from "../store/views/page.ts";
import type { DashboardOptions } from "../store/views/stats.ts";
import { SESSION_SORTS, type SessionListOptions } from "../store/views/session_list.ts";
import {
  BadRequest,
  choiceParam,
  flagParam,
  integerParam,
  pageParams,
  textParam,
  timeParam,
  timeZoneParam,
} from "./params.ts";

const ORDERS = ["asc", "desc"] as const;

/** Reads `repository`, the store's number of one. */
export function repositoryParam(params: URLSearchParams): RepositoryId | undefined {
  return integerParam(params, "repository") as RepositoryId | undefined;
}

/**
 * Reads a branch, a tag, a commit's hash or HEAD, which it is where nothing is said.
 *
 * @throws {BadRequest} If it is anything else.
 */
export function revisionParam(params: URLSearchParams, name: string): string {
  const value = params.get(name)?.trim() || "HEAD";
  if (isRevision(value)) return value;
  throw new BadRequest(
    `${name} must be a branch, a tag, a commit's hash or HEAD: ranges, searches and steps are not taken.`,
  );
}

/** What lists take besides their address. */
export interface ListReader {
  /** Where dates without a time are days, unless the address names another with `timeZone`. @default {"UTC"} */
  timeZone?: string;
}

/** Reads the time that a list begins and ends with, both inclusive. */
function rangeParams(
  params: URLSearchParams,
  reader: ListReader,
): { from?: number; to?: number } {
  const timeZone = timeZoneParam(params, "timeZone") ?? reader.timeZone;
  return {
    from: timeParam(params, "from", { timeZone }),
    to: timeParam(params, "to", { timeZone, endOfDay: true }),
  };
}

/**
 * Reads which sessions are wanted, for pages and API alike.
 *
 * @throws {BadRequest} If a parameter has a value that it cannot have.
 */
export function sessionListParams(
  params: URLSearchParams,
  reader: ListReader = {},
): SessionListOptions {
  return {
    ...pageParams(params),
    projectId: integerParam(params, "project"),
    repositoryId: repositoryParam(params),
    text: textParam(params, "text"),
    hasCommits: flagParam(params, "hasCommits"),
    landed: choiceParam(params, "landed", LANDED),
    ...rangeParams(params, reader),
    sort: choiceParam(params, "sort", SESSION_SORTS),
    order: choiceParam(params, "order", ORDERS),
  };
}

/**
 * Reads which commits are wanted, for pages and API alike.
 *
 * @throws {BadRequest} If a parameter has a value that it cannot have.
 */
export function commitListParams(
  params: URLSearchParams,
  reader: ListReader = {},
): CommitListOptions {
  return {
    ...pageParams(params),
    state: choiceParam(params, "state", COMMIT_STATES),
    repositoryId: repositoryParam(params),
    author: textParam(params, "author"),
    text: textParam(params, "text"),
    ...rangeParams(params, reader),
    order: choiceParam(params, "order", ORDERS),
  };
}

/**
 * Reads which written files are wanted, for pages and API alike.
 *
 * @throws {BadRequest} If a parameter has a value that it cannot have.
 */
export function editListParams(
  params: URLSearchParams,
  reader: ListReader = {},
): EditFilter & PageOptions {
  return {
    ...pageParams(params),
    repositoryId: repositoryParam(params),
    sessionId: textParam(params, "session"),
    landed: choiceParam(params, "landed", LANDED),
    ...rangeParams(params, reader),
  };
}

/**
 * Reads what the overview is asked for.
 *
 * @param now Unix milliseconds: where the range ends if nothing is said.
 * @throws {BadRequest} If a parameter has a value that it cannot have.
 */
export function dashboardParams(
  params: URLSearchParams,
  now: number,
  reader: ListReader = {},
): DashboardOptions {
  const { from, to = now } = rangeParams(params, reader);
  return {
    from,
    to,
    repositoryId: repositoryParam(params),
    timeZone: timeZoneParam(params, "timeZone") ?? reader.timeZone,
  };
}
