import { isRevision } from "../git/revisions.ts";
import type { RepositoryId } from "../ids.ts";
import { COMMIT_STATES, type CommitListOptions } from "../store/views/commit_list.ts";
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

/**
 * Reads which sessions are wanted, for pages and API alike.
 *
 * @throws {BadRequest} If a parameter has a value that it cannot have.
 */
export function sessionListParams(params: URLSearchParams): SessionListOptions {
  return {
    ...pageParams(params),
    projectId: integerParam(params, "project"),
    repositoryId: repositoryParam(params),
    text: textParam(params, "text"),
    hasCommits: flagParam(params, "hasCommits"),
    from: timeParam(params, "from"),
    to: timeParam(params, "to", { endOfDay: true }),
    sort: choiceParam(params, "sort", SESSION_SORTS),
    order: choiceParam(params, "order", ORDERS),
  };
}

/**
 * Reads which commits are wanted, for pages and API alike.
 *
 * @throws {BadRequest} If a parameter has a value that it cannot have.
 */
export function commitListParams(params: URLSearchParams): CommitListOptions {
  return {
    ...pageParams(params),
    state: choiceParam(params, "state", COMMIT_STATES),
    repositoryId: repositoryParam(params),
    author: textParam(params, "author"),
    text: textParam(params, "text"),
    from: timeParam(params, "from"),
    to: timeParam(params, "to", { endOfDay: true }),
    order: choiceParam(params, "order", ORDERS),
  };
}

/**
 * Reads what the overview is asked for.
 *
 * @param now Unix milliseconds: where the range ends if nothing is said.
 * @throws {BadRequest} If a parameter has a value that it cannot have.
 */
export function dashboardParams(params: URLSearchParams, now: number): DashboardOptions {
  return {
    from: timeParam(params, "from"),
    to: timeParam(params, "to", { endOfDay: true }) ?? now,
    repositoryId: repositoryParam(params),
    timeZone: timeZoneParam(params, "timeZone"),
  };
}
