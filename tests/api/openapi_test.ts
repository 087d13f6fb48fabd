import { assert, assertEquals } from "@std/assert";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { describeApi, type Operation } from "../../lib/http/openapi.ts";
import type { Database } from "../../lib/store/database.ts";
import { refreshSearch } from "../../lib/store/write/search_index.ts";
import { createApp } from "../../main.ts";
import { cannedGit } from "../support/canned_git.ts";
import { withFileRoutes } from "../support/file_routes.ts";
import { problemsOf, type Schema } from "../support/json_schema.ts";
import { hashOf, projectIdOf, repositoryIdOf, seedStore, sessionIdOf } from "../support/seed.ts";
import { localRequest, presetServices } from "../support/services.ts";

const ROUTES = new URL("../../routes/", import.meta.url);
const api = describeApi();
const schemas = api.components.schemas as Record<string, Schema>;

/** Every method and address of the API, as the files under `routes/` have them. */
async function operationsOfRoutes(): Promise<string[]> {
  const files = [...filesBelow("api/"), "metrics.ts"];
  const operations: string[] = [];
  for (const file of files) {
    const { handler = {} } = await import(new URL(file, ROUTES).href);
    const path = file.replace(/\.tsx?$/, "").replace(/\/index$/, "")
      .replaceAll(/\[(\w+)\]/g, "{$1}");
    for (const method of Object.keys(handler)) {
      operations.push(`${method.toLowerCase()} /${path}`);
    }
  }
  return operations.sort();
}

function filesBelow(folder: string): string[] {
  return [...Deno.readDirSync(new URL(folder, ROUTES))]
    .filter((entry) => !entry.name.startsWith("_"))
    .flatMap((entry) =>
      entry.isDirectory ? filesBelow(`${folder}${entry.name}/`) : [`${folder}${entry.name}`]
    );
}

function operations(): [method: string, path: string, operation: Operation][] {
  return Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) =>
      [method, path, operation] as [string, string, Operation]
    )
  );
}

describe("the API's description", () => {
  let db: Database;
  let handler: (request: Request) => Promise<Response>;

  beforeAll(async () => {
    db = seedStore({ sessions: 60, commits: 300 });
    await refreshSearch(db);
    handler =
      (await withFileRoutes(createApp({ ...presetServices(db), git: cannedGit(hashOf(3)) })))
        .handler();
  });
  afterAll(() => db[Symbol.dispose]());

  it("names every address and method there is, and no other", async () => {
    const described = operations().map(([method, path]) => `${method} ${path}`).sort();
    assertEquals(described, await operationsOfRoutes());
  });

  it("describes every shape that it refers to", () => {
    const named = [...JSON.stringify(api).matchAll(/#\/components\/schemas\/(\w+)/g)];
    assert(named.length > 50);
    assertEquals(named.map(([, name]) => name).filter((name) => !(name in schemas)), []);
  });

  it("names each parameter of a path", () => {
    for (const [method, path, { parameters = [] }] of operations()) {
      const inPath = parameters.filter((parameter) => parameter.in === "path")
        .map((parameter) => parameter.name);
      const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      assertEquals(inPath, named, `${method} ${path}`);
    }
  });

  const values: Record<string, string> = { id: projectIdOf(1), hash: hashOf(3) };
  const examples: Record<string, string> = {
    "/api/sessions/{id}": `/api/sessions/${sessionIdOf(50)}`,
    "/api/repositories/{id}/blame": `/api/repositories/${repositoryIdOf(1)}/blame?path=src/a.ts`,
    "/api/search": "/api/search?q=loom",
  };
  for (const [method, path, operation] of operations()) {
    const schema = operation.responses["200"]?.content?.["application/json"]?.schema as
      | Schema
      | undefined;
    if (method !== "get" || schema === undefined) continue;

    it(`holds for what GET ${path} gives`, async () => {
      const url = examples[path] ?? path.replaceAll(/\{(\w+)\}/g, (_, name) => values[name]);
      const response = await handler(localRequest(url));
      assertEquals(response.status, 200);
      const body = await response.json();
      assert(!("items" in body) || body.items.length > 0, "the example has items");
      assertEquals(problemsOf(body, schema, schemas), []);
    });

    it(`holds for the errors of GET ${path}`, async () => {
      const url = path.replaceAll(/\{\w+\}/g, "none");
      const response = await handler(localRequest(`${url}?limit=none&timeZone=none`));
      const body = await response.json();
      if (response.status === 200) return;
      const described = operation.responses[response.status]?.content?.["application/json"];
      assert(described !== undefined, `${response.status} is not described`);
      assertEquals(problemsOf(body, described.schema as Schema, schemas), []);
    });
  }
});
