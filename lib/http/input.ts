import type { z } from "zod";
import { type ActionName, type Input, QueryError, type QueryName } from "../queries/query.ts";
import type { ACTION_SCHEMAS } from "../queries/schemas.ts";

/**
 * Reads what a query is asked with from the texts of an address: numbers and flags become such, empty texts count as
 * not given.
 *
 * @param params The parts of the path, by name: they go before what stands behind the `?`.
 * @throws {QueryError} If a value is one that it cannot be; the message says what to send instead.
 */
export async function parseInput<Name extends QueryName>(
  name: Name,
  search: URLSearchParams,
  params: Record<string, string> = {},
): Promise<Input<Name>> {
  const texts = { ...Object.fromEntries([...search].reverse()), ...params };
  // What an address without a part and without a parameter asks for needs no input. It is worth not to load schemas for
  // the first page that somebody waits for.
  if (Object.keys(texts).length === 0) return {} as Input<Name>;
  const { QUERY_SCHEMAS } = await import("../queries/schemas.ts");
  const { input } = QUERY_SCHEMAS[name];
  return parse(input, decode(input, texts)) as Input<Name>;
}

/**
 * Reads what an action is given from a body's value, or from the texts of a form or an address.
 *
 * @throws {QueryError} If a value is one that it cannot be; the message says what to send instead.
 */
export async function parseActionInput<Name extends ActionName>(
  name: Name,
  given: unknown,
  { texts = false }: { texts?: boolean } = {},
): Promise<z.infer<typeof ACTION_SCHEMAS[Name]["input"]>> {
  const { ACTION_SCHEMAS } = await import("../queries/schemas.ts");
  const { input } = ACTION_SCHEMAS[name];
  const isObject = typeof given === "object" && given !== null && !Array.isArray(given);
  const fields = (isObject ? given : {}) as Record<string, unknown>;
  const values = texts ? decode(input, fields as Record<string, string>) : fields;
  return parse(input, values) as z.infer<typeof ACTION_SCHEMAS[Name]["input"]>;
}

/** The texts of fields as their values; what cannot be one stays a text, for the schema to refuse. */
function decode(input: z.ZodObject, texts: Record<string, string>): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(input.shape)) {
    const text = texts[name];
    if (text === undefined || text === "") continue;
    values[name] = valueOf(kindOf(schema as z.ZodType), text);
  }
  return values;
}

function valueOf(kind: string, text: string): unknown {
  switch (kind) {
    case "number":
    case "literal":
      return /^-?\d{1,16}$/.test(text) ? Number(text) : text;
    case "boolean":
      return text === "true" || text === "false" ? text === "true" : text;
    default:
      return text;
  }
}

function kindOf(schema: z.ZodType): string {
  const { type, innerType } = schema.def as { type: string; innerType?: z.ZodType };
  return innerType === undefined ? type : kindOf(innerType);
}

function parse(schema: z.ZodObject, values: Record<string, unknown>): unknown {
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const { path, message, code } = parsed.error.issues[0];
  const name = String(path[0]);
  if (message.endsWith(".")) throw new QueryError("badRequest", `${name} ${message}`);
  const value = values[name];
  const isLong = code === "too_big" && typeof value === "string";
  throw new QueryError(
    "badRequest",
    `${name} ${message}, not ${isLong ? value.trim().length : quoted(value)}.`,
  );
}

/** A value as a message can hold it: in quotes, and short. */
function quoted(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value) ?? "nothing";
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
