import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import type { Database } from "../../lib/store/database.ts";
import { createApp } from "../../main.ts";
import { cannedGit } from "../support/canned_git.ts";
import { withFileRoutes } from "../support/file_routes.ts";
import { hashOf, projectIdOf, repositoryIdOf, seedStore, sessionIdOf } from "../support/seed.ts";
import { localRequest, presetServices } from "../support/services.ts";

describe("ids in addresses", () => {
  let db: Database;
  let handler: (request: Request) => Promise<Response>;
  let slug: string;

  beforeAll(async () => {
    db = seedStore({ sessions: 20, commits: 60 });
    // Two agents have a session each of the same id.
    db.run("UPDATE sessions SET agent = 'codex', session_id = ? WHERE id = 2", sessionIdOf(1));
    const services = { ...presetServices(db), git: cannedGit(hashOf(3)) };
    handler = (await withFileRoutes(createApp(services))).handler();
    slug = db.get<{ slug: string }>("SELECT slug FROM repositories WHERE id = 1")!.slug;
  });
  afterAll(() => db[Symbol.dispose]());

  // deno-lint-ignore no-explicit-any
  async function get(path: string, status = 200): Promise<any> {
    const response = await handler(localRequest(path));
    assertEquals(response.status, status, path);
    return await response.json();
  }

  it("lead from a repository's slug to its id", async () => {
    const id = repositoryIdOf(1);
    for (const rest of ["", "/files?path=src", "/blame?path=src%2Fa.ts&line=2"]) {
      const response = await handler(localRequest(`/repositories/${slug}${rest}`));
      assertEquals(
        [response.status, response.headers.get("location")],
        [302, `/repositories/${id}${rest}`],
      );
    }
    assertEquals((await handler(localRequest(`/repositories/${id}`))).status, 200);
  });

  it("name a repository by either in the API", async () => {
    for (const id of [slug, repositoryIdOf(1)]) {
      const { hash } = await get(`/api/repositories/${id}/blame?path=src/a.ts`);
      assertEquals(hash, hashOf(3));
      const { total, items } = await get(`/api/commits?repository=${id}&limit=1`);
      assert(total > 0);
      assertEquals(items[0].repository.id, repositoryIdOf(1));
    }
    assertEquals((await get("/api/commits?repository=1")).total, 0);
    await get("/api/repositories/1/blame?path=src/a.ts", 404);
  });

  it("name a project by its folder", async () => {
    const { items } = await get("/api/projects");
    assert(items.some(({ id }: { id: string }) => id === projectIdOf(1)));
    for (const { id } of items) assertMatch(id, /^[a-z0-9-]+-[0-9a-f]{8}$/);
    assert((await get(`/api/projects/${projectIdOf(1)}/sessions`)).total > 0);
    await get("/api/projects/1/sessions", 404);
  });

  it("name a prompt by its message", async () => {
    db.run("UPDATE session_events SET message = 255 WHERE session_id = 7 AND kind = 'prompt'");
    db.run(
      `UPDATE session_events SET message = 0 WHERE id = (
        SELECT max(id) FROM session_events WHERE session_id = 7 AND kind = 'prompt')`,
    );
    const { prompts } = await get(`/api/sessions/${sessionIdOf(7)}`);
    assertEquals(prompts[0].id, "ff");
    assertEquals(prompts.at(-1).id, `t${Date.parse(prompts.at(-1).at)}`);
    for (const { id } of prompts) {
      const page = await handler(localRequest(`/sessions/${sessionIdOf(7)}?prompt=${id}`));
      assertStringIncludes(await page.text(), `id="prompt-${id}"`);
    }
  });

  it("have the agent before a session's own id only where two agents share it", async () => {
    const shared = sessionIdOf(1);
    const { items } = await get("/api/sessions?limit=500");
    const ids = items.map(({ sessionId }: { sessionId: string }) => sessionId);
    assertEquals(new Set(ids).size, 20);
    assertEquals(ids.filter((id: string) => id.endsWith(shared)).sort(), [
      `claude-code:${shared}`,
      `codex:${shared}`,
    ]);
    assert(ids.includes(sessionIdOf(3)));
    for (const id of ids) assertEquals((await get(`/api/sessions/${id}`)).sessionId, id);
    const { items: edits } = await get(`/api/edits?session=codex:${shared}`);
    for (const { session } of edits) assertEquals(session.sessionId, `codex:${shared}`);
    await get(`/api/sessions/gemini:${shared}`, 404);
  });
});
