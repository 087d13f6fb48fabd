import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { AGENT_IDS, AGENT_NAMES } from "../../lib/domain/agents.ts";
import { READERS } from "../../lib/sessions/registry.ts";
import type { Database } from "../../lib/store/database.ts";
import { countSources } from "../../lib/store/write/sources.ts";
import { createApp } from "../../main.ts";
import { withFileRoutes } from "../support/file_routes.ts";
import { seedStore, sessionIdOf } from "../support/seed.ts";
import { localRequest, presetServices } from "../support/services.ts";

describe("agents", () => {
  let db: Database;
  let handler: (request: Request) => Promise<Response>;

  beforeAll(async () => {
    db = seedStore({ sessions: 30, commits: 120 });
    db.run("UPDATE sessions SET agent = 'codex', models = '[\"gpt-5\"]' WHERE id % 3 = 0");
    db.run("UPDATE sessions SET agent = 'pi' WHERE id % 5 = 1");
    handler = (await withFileRoutes(createApp(presetServices(db)))).handler();
  });
  afterAll(() => db[Symbol.dispose]());

  // deno-lint-ignore no-explicit-any
  async function get(path: string): Promise<any> {
    const response = await handler(localRequest(path));
    assertEquals(response.status, 200, path);
    return await response.json();
  }

  async function text(path: string): Promise<string> {
    const response = await handler(localRequest(path));
    assertEquals(response.status, 200, path);
    return await response.text();
  }

  it("have the names that their readers say, in the same order, and different marks", () => {
    assertEquals(AGENT_IDS, READERS.map(({ id }) => id));
    for (const { id, title } of READERS) assertEquals(AGENT_NAMES[id].title, title);
    const marks = Object.values(AGENT_NAMES).map(({ mark }) => mark);
    assertEquals(new Set(marks).size, marks.length);
  });

  it("narrow the lists of sessions and commits", async () => {
    const { items, total } = await get("/api/sessions?agent=codex&limit=500");
    const stored = db.get<{ n: number }>(
      "SELECT count(*) AS n FROM sessions WHERE agent = 'codex'",
    )!;
    assertEquals(total, stored.n);
    assert(total > 0);
    for (const { agent } of items) assertEquals(agent, "codex");
    const commits = await get("/api/commits?agent=codex&limit=500");
    assert(commits.total > 0);
    assertEquals(commits.items.length, commits.total);
    for (const { sessions } of commits.items) {
      assert(sessions.some(({ agent }: { agent: string }) => agent === "codex"));
    }
    assertEquals((await get("/api/sessions?agent=qwen")).total, 0);
    assertEquals((await handler(localRequest("/api/sessions?agent=emacs"))).status, 400);
  });

  it("are named with links and edits", async () => {
    const agentOf = new Map<string, string>(
      (await get("/api/sessions?limit=500")).items.map((it: { sessionId: string; agent: string }) =>
        [it.sessionId, it.agent] as const
      ),
    );
    for (const link of (await get("/api/links?limit=500")).items) {
      assertEquals(link.agent, agentOf.get(link.sessionId));
    }
    for (const { session } of (await get("/api/edits?limit=500")).items) {
      assertEquals(session.agent, agentOf.get(session.sessionId));
    }
  });

  it("stand in the overview with their sessions, commits and models", async () => {
    const { agents, totals } = await get(
      "/api/stats/dashboard?from=2026-01-01&to=2026-07-30T00:00:00Z",
    );
    // deno-lint-ignore no-explicit-any
    const sum = agents.reduce((all: number, it: any) => all + it.sessions, 0);
    assertEquals(sum, totals.sessions);
    // deno-lint-ignore no-explicit-any
    const codex = agents.find((it: any) => it.agent === "codex");
    assertEquals(
      codex.models.find((it: { model: string }) => it.model === "gpt-5") !== undefined,
      true,
    );
    assertEquals(
      codex.commits,
      (await get("/api/commits?agent=codex&from=2026-01-01&to=2026-07-30&limit=1")).total,
    );
    assertStringIncludes(await text("/?range=all"), "Agents, the one with most sessions first");
  });

  it("are marked on pages, and what one does not record is said there", async () => {
    const list = await text("/sessions?agent=pi");
    assertStringIncludes(list, 'title="pi"');
    assert(!list.includes('title="Codex"'));
    assertStringIncludes(list, '<option value="pi" selected');
    const id = db.get<{ id: number }>("SELECT id FROM sessions WHERE agent = 'pi' LIMIT 1")!.id;
    assertStringIncludes(
      await text(`/sessions/${sessionIdOf(id)}`),
      "pi does not record subagents.",
    );
    const help = await text("/help");
    for (const { title } of READERS) assertStringIncludes(help, title);
  });

  it("are counted on the settings page with what of them could not be read", async () => {
    const columns = "agent, key, path, stamp, reader_version, modified_at, failure";
    const row = `INSERT INTO sources (${columns}) VALUES ('codex', ?, '/c/1', '', 1, ?, ?)`;
    db.run(row, "one", 1_700_000_000_000, null);
    db.run(row, "two", 1_800_000_000_000, "No permission to read it.");
    const codex = countSources(db).find(({ agent }) => agent === "codex")!;
    assertEquals({ ...codex, sessions: 0 }, {
      agent: "codex",
      sessions: 0,
      sources: 2,
      writtenAt: 1_800_000_000_000,
      failed: 1,
      failure: "No permission to read it.",
    });
    assertEquals(codex.sessions, (await get("/api/sessions?agent=codex")).total);
  });
});
