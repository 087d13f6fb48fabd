import type { RepositoryId } from "../domain/ids.ts";
import { LANDED } from "../domain/links.ts";
import { isTimeZone } from "../domain/preferences.ts";
import { isRevision } from "../git/scan/refs.ts";
import { COMMIT_STATES, type CommitListOptions } from "../store/read/commit_list.ts";
import type { EditFilter } from "../store/read/edit_list.ts";
import { CursorError, type PageOptions } from "../store/read/page.ts";
import { SESSION_SORTS, type SessionListOptions } from "../store/read/session_list.ts";
import type { DashboardOptions } from "../store/read/stats.ts";
import { DAY_MS } from "../time/days.ts";
import { instantOf, zoneOffset } from "../time/zone.ts";
import { errorResponse } from "./errors.ts";
import { preferencesOf } from "./preferences.ts";

/** A request that cannot be answered as it is; the message says what to send instead. */
export class BadRequest extends Error {
  override name = "BadRequest";
}

/** How many items a list gives at most at once. */
const MAX_LIMIT = 500;

const MOST_TEXT = 200;
const LONGEST_DATE = 8.64e15;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/**
 * Answers with what `work` gives as JSON, or with the response it gives. A {@linkcode BadRequest} or a cursor that is
 * not the list's is a 400.
 */
export function answer(work: () => unknown): Response {
  try {
    return asJson(work());
  } catch (error) {
    return refusal(error);
  }
}

/** The same as {@linkcode answer}, for work that takes its time. */
export async function answerLater(work: () => Promise<unknown>): Promise<Response> {
  try {
    return asJson(await work());
  } catch (error) {
    return refusal(error);
  }
}

function asJson(result: unknown): Response {
  return result instanceof Response ? result : Response.json(result);
}

function refusal(error: unknown): Response {
  if (error instanceof BadRequest || error instanceof CursorError) {
    return errorResponse(400, error.message);
  }
  throw error;
}

/**
 * Reads a whole number.
 *
 * @returns undefined where the parameter is missing or empty.
 * @throws {BadRequest} If it is no whole number from `min` to `max`.
 */
export function integerParam(
  params: URLSearchParams,
  name: string,
  { min = 1, max = Number.MAX_SAFE_INTEGER }: { min?: number; max?: number } = {},
): number | undefined {
  const value = params.get(name);
  if (value === null || value === "") return undefined;
  const number = /^-?\d{1,16}$/.test(value) ? Number(value) : NaN;
  if (number >= min && number <= max) return number;
  const range = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `from ${min} to ${max}`;
  throw new BadRequest(`${name} must be a whole number ${range}, not ${quoted(value)}.`);
}

/** Reads which page of a list is wanted: `limit` (1 to {@linkcode MAX_LIMIT}) and `cursor`. */
export function pageParams(params: URLSearchParams): { limit?: number; cursor: string | null } {
  return { limit: integerParam(params, "limit", { max: MAX_LIMIT }), cursor: params.get("cursor") };
}

/**
 * Reads one of a few words.
 *
 * @throws {BadRequest} If it is none of them.
 */
export function choiceParam<Choice extends string>(
  params: URLSearchParams,
  name: string,
  choices: readonly Choice[],
): Choice | undefined {
  const value = params.get(name);
  if (value === null || value === "") return undefined;
  const choice = choices.find((choice) => choice === value);
  if (choice !== undefined) return choice;
  throw new BadRequest(`${name} must be one of ${choices.join(", ")}, not ${quoted(value)}.`);
}

/** Reads `true` or `false`. */
function flagParam(params: URLSearchParams, name: string): boolean | undefined {
  const choice = choiceParam(params, name, ["true", "false"]);
  return choice === undefined ? undefined : choice === "true";
}

/**
 * Reads free text, trimmed.
 *
 * @throws {BadRequest} If it is longer than 200 characters.
 */
export function textParam(params: URLSearchParams, name: string): string | undefined {
  const value = params.get(name)?.trim() ?? "";
  if (value === "") return undefined;
  if (value.length <= MOST_TEXT) return value;
  throw new BadRequest(`${name} must be at most ${MOST_TEXT} characters, not ${value.length}.`);
}

/**
 * Reads a time.
 *
 * @param options.endOfDay Whether a date without a time means the end of that day. @default {false}
 * @param options.timeZone Where a date without a time is a day. @default {"UTC"}
 * @returns Unix milliseconds.
 * @throws {BadRequest} If it is neither `YYYY-MM-DD` nor ISO 8601 with its zone.
 */
export function timeParam(
  params: URLSearchParams,
  name: string,
  { endOfDay = false, timeZone = "UTC" }: { endOfDay?: boolean; timeZone?: string } = {},
): number | undefined {
  const value = params.get(name);
  if (value === null || value === "") return undefined;
  const dateOnly = DATE.test(value);
  const at = dateOnly || DATE_TIME.test(value) ? Date.parse(value) : NaN;
  if (Math.abs(at) <= LONGEST_DATE) {
    if (!dateOnly) return at;
    const offset = zoneOffset(timeZone);
    return endOfDay ? instantOf(at + DAY_MS, offset) - 1 : instantOf(at, offset);
  }
  throw new BadRequest(
    `${name} must be a date such as 2026-03-01 or a time such as 2026-03-01T09:30:00Z, not ${
      quoted(value)
    }.`,
  );
}

/**
 * Reads a time zone.
 *
 * @throws {BadRequest} If no time zone has this name.
 */
function timeZoneParam(params: URLSearchParams, name: string): string | undefined {
  const value = params.get(name);
  if (value === null || value === "") return undefined;
  if (isTimeZone(value)) return value;
  throw new BadRequest(`${name} must be a time zone such as Europe/Berlin, not ${quoted(value)}.`);
}

/** A value as a message can hold it: in quotes, and short. */
function quoted(value: string): string {
  return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
}

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

/** Asking the system takes a millisecond: a tenth of a page. */
let ownZone: string | null = null;

/** The time zone that a request's reader wants days in: the chosen one, else this machine's. */
export function readerZone(headers: Headers): string {
  ownZone ??= Intl.DateTimeFormat().resolvedOptions().timeZone;
  return preferencesOf(headers).timeZone ?? ownZone;
}
