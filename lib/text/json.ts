/** A JSON object whose values nobody has looked at yet. */
export type JsonObject = Record<string, unknown>;

/** Whether a value is a JSON object, arrays and null apart. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value where it is a string that is not empty, else null. */
export function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** The longest name that a session, a tool call or a branch may have; no real one comes near. */
const MAX_NAME = 1_024;

/** The value where it is a string that can be a name, else null. */
export function name(value: unknown): string | null {
  return upTo(MAX_NAME, value);
}

/** The value where it is an object, else an empty one. */
export function object(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** The longest path that a system lets anybody open. */
const MAX_PATH = 4_096;

/** The value where it is a string that can be a path, else null. */
export function path(value: unknown): string | null {
  return upTo(MAX_PATH, value);
}

/** Half a surrogate pair cannot be stored: what is kept has none. */
function upTo(length: number, value: unknown): string | null {
  return typeof value === "string" && value !== "" && value.length <= length
    ? value.toWellFormed()
    : null;
}

/** The value where it is a whole number from 0 on, else 0. */
export function amount(value: unknown): number {
  return Number.isSafeInteger(value) && (value as number) > 0 ? value as number : 0;
}
