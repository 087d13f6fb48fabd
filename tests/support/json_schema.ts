/** A JSON Schema, as far as the API's description uses it. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  format?: string;
  minimum?: number;
  maximum?: number;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema | false;
  prefixItems?: Schema[];
  minItems?: number;
  maxItems?: number;
  anyOf?: Schema[];
}

const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Holds a value against a schema, as far as the API's description uses JSON Schema.
 *
 * @returns What does not hold, each with its place; empty where all does.
 */
export function problemsOf(
  value: unknown,
  schema: Schema,
  schemas: Record<string, Schema>,
  at = "$",
): string[] {
  if (schema.$ref !== undefined) {
    const target = schemas[schema.$ref.split("/").at(-1)!];
    return target === undefined
      ? [`${at}: ${schema.$ref} is not described`]
      : problemsOf(value, target, schemas, at);
  }
  if (schema.anyOf !== undefined) {
    const tries = schema.anyOf.map((choice) => problemsOf(value, choice, schemas, at));
    return tries.some((problems) => problems.length === 0) ? [] : tries[0];
  }
  if (schema.const !== undefined && value !== schema.const) {
    return [`${at}: ${JSON.stringify(value)} is not ${schema.const}`];
  }
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    return [`${at}: ${JSON.stringify(value)} is none of ${schema.enum.join(", ")}`];
  }
  if (schema.type !== undefined && ![schema.type].flat().some((type) => hasType(value, type))) {
    return [`${at}: ${JSON.stringify(value)} is not ${schema.type}`];
  }
  if (Array.isArray(value)) {
    const { minItems = 0, maxItems = Infinity, prefixItems = [], items } = schema;
    const wrong = value.length < minItems || value.length > maxItems;
    return [
      ...(wrong ? [`${at}: ${value.length} items`] : []),
      ...value.flatMap((item, i) =>
        problemsOf(item, prefixItems[i] ?? (items || {}), schemas, `${at}[${i}]`)
      ),
    ];
  }
  if (typeof value === "object" && value !== null) {
    return objectProblems(value as Record<string, unknown>, schema, schemas, at);
  }
  return scalarProblems(value, schema, at);
}

function objectProblems(
  value: Record<string, unknown>,
  schema: Schema,
  schemas: Record<string, Schema>,
  at: string,
): string[] {
  const missing = (schema.required ?? []).filter((key) => !(key in value))
    .map((key) => `${at}.${key} is missing`);
  const wrong = Object.entries(value).flatMap(([key, part]) => {
    const known = schema.properties?.[key];
    if (known !== undefined) return problemsOf(part, known, schemas, `${at}.${key}`);
    const { additionalProperties = true } = schema;
    if (additionalProperties === true) return [];
    return additionalProperties === false
      ? [`${at}.${key} is not described`]
      : problemsOf(part, additionalProperties, schemas, `${at}.${key}`);
  });
  return [...missing, ...wrong];
}

function scalarProblems(value: unknown, schema: Schema, at: string): string[] {
  if (typeof value === "number") {
    const { minimum = -Infinity, maximum = Infinity } = schema;
    return value < minimum || value > maximum ? [`${at}: ${value} is out of range`] : [];
  }
  const format = schema.format === "date-time" ? DATE_TIME : schema.format === "date" ? DATE : null;
  return typeof value === "string" && format !== null && !format.test(value)
    ? [`${at}: ${value} is no ${schema.format}`]
    : [];
}

function hasType(value: unknown, type: string): boolean {
  switch (type) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "integer":
      return Number.isInteger(value);
    case "number":
      return typeof value === "number";
    case "string":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
    default:
      throw new Error(`The schema has a type that is none: ${type}`);
  }
}
