import { ref, type Schema } from "./schema.ts";

/** A parameter of an operation. */
export interface Parameter {
  name: string;
  in: "path" | "query";
  required?: boolean;
  description?: string;
  schema: Schema;
}

/** What one method of one address does. */
export interface Operation {
  summary: string;
  parameters?: readonly Parameter[];
  requestBody?: { required: true; content: { "application/json": { schema: Schema } } };
  responses: Record<string, ApiResponse>;
}

/** One answer that an operation may give. */
export interface ApiResponse {
  description: string;
  content?: Record<string, { schema: Schema }>;
}

/** A parameter of the query. */
export function query(name: string, schema: Schema, description?: string): Parameter {
  return { name, in: "query", schema, ...(description && { description }) };
}

/** A part of the path. */
export function inPath(name: string, schema: Schema, description: string): Parameter {
  return { name, in: "path", required: true, schema, description };
}

/** An answer as JSON. */
export function json(description: string, schema: Schema): ApiResponse {
  return { description, content: { "application/json": { schema } } };
}

/** An answer as a stream of events. */
export function eventStream(description: string): ApiResponse {
  return { description, content: { "text/event-stream": { schema: { type: "string" } } } };
}

/** An answer that says what went wrong. */
export function failure(description: string): ApiResponse {
  return json(description, ref("Error"));
}

/** Which page of a list. */
export const PAGE: readonly Parameter[] = [
  query("limit", { type: "integer", minimum: 1, maximum: 500 }, "How many items. Default 50."),
  query("cursor", { type: "string" }, "The cursor that the page before gave."),
];

/** A `GET` that answers with one schema, and with 400 where a parameter has a value that it cannot have. */
export function read(
  summary: string,
  { parameters = [], gives, missing }: {
    parameters?: readonly Parameter[];
    gives: Schema;
    /** What a 404 means. */
    missing?: string;
  },
): { get: Operation } {
  return {
    get: {
      summary,
      ...(parameters.length > 0 && { parameters }),
      responses: {
        "200": json(summary, gives),
        ...(parameters.some((parameter) => parameter.in === "query") && {
          "400": failure("A parameter has a value that it cannot have."),
        }),
        ...(missing && { "404": failure(missing) }),
      },
    },
  };
}
