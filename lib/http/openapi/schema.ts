/** A JSON Schema, as far as the API's description needs it. */
export interface Schema {
  $ref?: string;
  type?: "object" | "array" | "string" | "integer" | "number" | "boolean" | "null";
  description?: string;
  enum?: readonly (string | number | null)[];
  format?: "date-time" | "date";
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  properties?: Record<string, Schema>;
  required?: readonly string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  anyOf?: readonly Schema[];
}

export const TEXT: Schema = { type: "string" };
export const COUNT: Schema = { type: "integer", minimum: 0 };
export const FLAG: Schema = { type: "boolean" };
/** ISO 8601, in UTC. */
export const TIME: Schema = { type: "string", format: "date-time" };
/** From 0 to 1. */
export const SHARE: Schema = { type: "number", minimum: 0, maximum: 1 };
/** 1: somebody or something recorded the connection. 2: it was inferred. */
export const TIER: Schema = { type: "integer", enum: [1, 2] };

/** What came of the lines that sessions wrote. */
export const LANDED_COUNTS: Record<string, Schema> = {
  linesWritten: COUNT,
  linesLanded: COUNT,
  linesSuperseded: COUNT,
  linesNotLanded: COUNT,
};

/** A schema under `components.schemas`. */
export function ref(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

/** An object with all of these properties and no others. */
export function object(properties: Record<string, Schema>): Schema {
  return {
    type: "object",
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  };
}

export function arrayOf(items: Schema): Schema {
  return { type: "array", items };
}

/** An object of whatever keys, with values of one shape. */
export function mapOf(values: Schema): Schema {
  return { type: "object", additionalProperties: values };
}

export function nullable(schema: Schema): Schema {
  return { anyOf: [schema, { type: "null" }] };
}

export function oneOf(...choices: (string | null)[]): Schema {
  return { enum: choices };
}

/** One page of a list. */
export function pageOf(items: Schema): Schema {
  return object({ items: arrayOf(items), total: COUNT, cursor: nullable(TEXT) });
}
