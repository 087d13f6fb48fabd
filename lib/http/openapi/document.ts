import { VERSION } from "../../version.ts";
import { GIT_PATHS, GIT_SCHEMAS } from "./git_paths.ts";
import { LIST_SCHEMAS } from "./list_schemas.ts";
import { MORE_SCHEMAS } from "./more_schemas.ts";
import type { Operation } from "./operation.ts";
import { READ_PATHS } from "./read_paths.ts";
import type { Schema } from "./schema.ts";
import { SYNC_PATHS } from "./sync_paths.ts";

/** The API's description, in OpenAPI's shape. */
export interface OpenApiDocument {
  openapi: "3.1.0";
  info: { title: string; version: string; description: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** Describes every address that programs may use, with the shapes of what it takes and gives. */
export const OPENAPI: OpenApiDocument = {
  openapi: "3.1.0",
  info: {
    title: "Ascribe",
    version: VERSION,
    description:
      "Which AI coding session every git commit came from. Times are ISO 8601 in UTC; errors are { error, message }. " +
      "POST, PUT and DELETE need an Origin of this server.",
  },
  paths: { ...SYNC_PATHS, ...READ_PATHS, ...GIT_PATHS },
  components: { schemas: { ...LIST_SCHEMAS, ...MORE_SCHEMAS, ...GIT_SCHEMAS } },
};
