import { isTimeZone } from "../client/preferences.ts";
import { instantOf, zoneOffset } from "../client/zone.ts";
import { CursorError } from "../store/views/page.ts";
import { errorResponse } from "./errors.ts";

/** A request that cannot be answered as it is; the message says what to send instead. */
export class BadRequest extends Error {
  override name = "BadRequest";
}

/** How many items a list gives at most at once. */
export const MAX_LIMIT = 500;

const MOST_TEXT = 200;
const DAY_MS = 86_400_000;
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
export function flagParam(params: URLSearchParams, name: string): boolean | undefined {
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
export function timeZoneParam(params: URLSearchParams, name: string): string | undefined {
  const value = params.get(name);
  if (value === null || value === "") return undefined;
  if (isTimeZone(value)) return value;
  throw new BadRequest(`${name} must be a time zone such as Europe/Berlin, not ${quoted(value)}.`);
}

/** A value as a message can hold it: in quotes, and short. */
function quoted(value: string): string {
  return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
}
