import { z } from "zod";
import { VERSION } from "../domain/version.ts";
import type { ActionName, QueryName } from "../queries/query.ts";
import {
  ACTION_SCHEMAS,
  QUERY_SCHEMAS,
  type QueryErrorCode,
  type QuerySchema,
} from "../queries/schemas.ts";
import { statusOf } from "./api.ts";

/** A JSON Schema, as zod writes it. */
export type Schema = z.core.JSONSchema.BaseSchema;

/** The API's description, in OpenAPI's shape. */
export interface OpenApiDocument {
  openapi: "3.1.0";
  info: { title: string; version: string; description: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** What one method of one address does. */
export interface Operation {
  summary: string;
  parameters?: readonly Parameter[];
  requestBody?: { required: true; content: { "application/json": { schema: Schema } } };
  responses: Record<string, ApiResponse>;
}

/** A parameter of an operation. */
export interface Parameter {
  name: string;
  in: "path" | "query";
  required?: boolean;
  description?: string;
  schema: Schema;
}

/** One answer that an operation may give. */
export interface ApiResponse {
  description: string;
  content?: Record<string, { schema: Schema }>;
}

/** The query that each address answers with. */
const READS: Record<string, QueryName> = {
  "/api/health": "health",
  "/api/status": "status",
  "/api/stats/dashboard": "dashboard",
  "/api/projects": "projects",
  "/api/projects/{id}/sessions": "projectSessions",
  "/api/sessions": "sessions",
  "/api/sessions/{id}": "session",
  "/api/commits": "commits",
  "/api/commits/{hash}": "commit",
  "/api/commits/{hash}/explanation": "explanation",
  "/api/commits/{hash}/diff": "diff",
  "/api/repositories": "repositories",
  "/api/repositories/{id}/blame": "blame",
  "/api/repositories/aliases": "aliases",
  "/api/links": "links",
  "/api/edits": "edits",
  "/api/search": "search",
  "/api/loom": "loom",
  "/api/sync/runs": "runs",
  "/api/sync/repositories": "syncRepositories",
  "/api/settings": "settings",
};

/** What each address does that changes something; `202` where it goes on after the answer. */
const ACTIONS: [method: string, path: string, action: ActionName, status?: 202][] = [
  ["post", "/api/sync/git", "startSync", 202],
  ["delete", "/api/sync/git", "cancelSync", 202],
  ["post", "/api/indexing/rebuild", "rebuild", 202],
  ["put", "/api/settings/git-sync-interval", "setInterval"],
  ["put", "/api/repositories/aliases", "setAlias"],
  ["delete", "/api/repositories/aliases", "removeAlias"],
  ["delete", "/api/data", "erase"],
];

/** Addresses that answer with something else than JSON of the list. */
const OTHERS: OpenApiDocument["paths"] = {
  "/api/events": {
    get: {
      summary: "Announcements: syncStarted, syncEnded and changed, as long as somebody listens.",
      responses: { "200": eventStream("Events with JSON data.") },
    },
  },
  "/api/sync/git/progress": {
    get: progress("The progress of a sync: scanning, correlating, then done or error."),
  },
  "/api/indexing/progress": {
    get: progress("The progress of reading sources: discovering, indexing, then ready or failed."),
  },
  "/api/openapi.json": {
    get: {
      summary: "This description.",
      responses: { "200": json("This description.", { type: "object" }) },
    },
  },
  "/metrics": {
    get: {
      summary: "Counters for Prometheus.",
      responses: {
        "200": {
          description: "The text format of Prometheus.",
          content: { "text/plain": { schema: { type: "string" } } },
        },
      },
    },
  },
};

const ApiError = z.object({
  error: z.string().describe("A code for programs to switch on."),
  message: z.string().describe("What is wrong and what to do, in a sentence."),
}).meta({ id: "Error", description: "Why there is no answer." });

/** Describes every address that programs may use, with the shapes of what it takes and gives. */
export function describeApi(): OpenApiDocument {
  const schemas: Record<string, Schema> = {};
  const paths: OpenApiDocument["paths"] = {};
  const add = (method: string, path: string, operation: Operation) => {
    paths[path] = { ...paths[path], [method]: operation };
  };
  for (const [path, name] of Object.entries(READS)) {
    const query: QuerySchema = QUERY_SCHEMAS[name];
    const parameters = parametersOf(path, query.input, schemas);
    add("get", path, {
      summary: query.summary,
      ...(parameters.length > 0 && { parameters }),
      responses: {
        "200": json(query.summary, describe(query.output, "output", schemas)),
        ...failures({
          ...(parameters.some((it) => it.in === "query") && { badRequest: WRONG_PARAMETER }),
          ...query.fails,
        }, schemas),
      },
    });
  }
  for (const [method, path, name, status = 200] of ACTIONS) {
    const action: QuerySchema = ACTION_SCHEMAS[name];
    const parameters = method === "delete" ? parametersOf(path, action.input, schemas) : [];
    const schema = describe(action.input, "input", schemas);
    add(method, path, {
      summary: action.summary,
      ...(parameters.length > 0 && { parameters }),
      ...(method === "put" && {
        requestBody: { required: true, content: { "application/json": { schema } } },
      }),
      responses: {
        [status]: json(action.summary, describe(action.output, "output", schemas)),
        "403": json("The request comes from another site.", describe(ApiError, "output", schemas)),
        ...failures(
          {
            ...(method === "put" && { badRequest: "The body is not as described." }),
            ...action.fails,
          },
          schemas,
        ),
        ...(method === "put" && {
          "415": json("The body is not JSON.", describe(ApiError, "output", schemas)),
        }),
      },
    });
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Ascribe",
      version: VERSION,
      description:
        "Which AI coding session every git commit came from. Times are ISO 8601 in UTC; errors are { error, message }. " +
        "POST, PUT and DELETE need an Origin of this server.",
    },
    paths: { ...paths, ...OTHERS },
    components: { schemas },
  };
}

const WRONG_PARAMETER = "A parameter has a value that it cannot have.";

function parametersOf(
  path: string,
  input: z.ZodObject,
  schemas: Record<string, Schema>,
): Parameter[] {
  const { properties = {}, required = [] } = describe(input, "input", schemas);
  const inPath = new Set([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...schema } = property as Schema;
    return {
      name,
      in: inPath.has(name) ? "path" as const : "query" as const,
      ...(required.includes(name) && { required: true }),
      ...(description !== undefined && { description }),
      schema,
    };
  });
}

function failures(
  fails: { [Code in QueryErrorCode]?: string },
  schemas: Record<string, Schema>,
): Record<string, ApiResponse> {
  return Object.fromEntries(
    Object.entries(fails).map(([code, description]) => [
      statusOf(code as QueryErrorCode),
      json(description!, describe(ApiError, "output", schemas)),
    ]),
  );
}

function json(description: string, schema: Schema): ApiResponse {
  return { description, content: { "application/json": { schema } } };
}

function eventStream(description: string): ApiResponse {
  return { description, content: { "text/event-stream": { schema: { type: "string" } } } };
}

function progress(summary: string): Operation {
  return {
    summary,
    responses: {
      "200": eventStream("Events with JSON data; the stream ends with the last of these."),
      "204": { description: "This client has seen the end already." },
    },
  };
}

/** A schema as JSON Schema. What has a name of its own goes among `schemas`, and a reference stands for it. */
function describe(
  schema: z.ZodType,
  io: "input" | "output",
  schemas: Record<string, Schema>,
): Schema {
  const { $schema: _, $defs = {}, ...described } = z.toJSONSchema(schema, {
    io,
    override: ({ zodSchema, jsonSchema }) => {
      // The bounds of safe integers, and the pattern that a format's name says already.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
      if (zodSchema._zod.def.type === "record") delete jsonSchema.propertyNames;
      delete jsonSchema.id;
    },
  }) as Schema;
  const { id } = schema.meta() ?? {};
  for (const [name, definition] of Object.entries($defs)) {
    schemas[name] ??= withReferences(definition);
  }
  const own = withReferences(described);
  if (id === undefined) return own;
  schemas[id] ??= own;
  return { $ref: `#/components/schemas/${id}` };
}

function withReferences<Value>(schema: Value): Value {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/'));
}
