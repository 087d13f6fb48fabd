import { assertEquals, assertStringIncludes } from "@std/assert";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { createGitReading, type GitReading } from "../../lib/git/read/reading.ts";
import type { Database } from "../../lib/store/database.ts";
import { createApp } from "../../main.ts";
import { Sandbox } from "../git/sandbox.ts";
import { withFileRoutes } from "../support/file_routes.ts";
import { hashOf, repositoryIdOf, seedStore } from "../support/seed.ts";
import { localRequest, presetServices } from "../support/services.ts";

const BLAME = `/api/repositories/${repositoryIdOf(1)}/blame`;

describe("code as data", () => {
  let sandbox: Sandbox;
  let store: Database;
  let commit: string;
  let get: (path: string) => Promise<{ status: number; body: Record<string, unknown> }>;

  beforeAll(async () => {
    sandbox = await Sandbox.create();
    const path = await sandbox.init("repo");
    const files = { "a.ts": "const a = 1;\nconst b = 2;\n", "data.bin": "\0" };
    commit = await sandbox.commit("repo", "first", { files });
    store = seedStore({ sessions: 2, commits: 3, repositories: 1 });
    store.run("DELETE FROM line_ranges");
    store.run("UPDATE repositories SET path = ?, common_dir = ?", path, `${path}/.git`);
    store.run("UPDATE commits SET hash = ?, parents = '' WHERE hash = ?", commit, hashOf(1));
    store.run(
      `INSERT INTO line_ranges (commit_id, path, first_line, last_line, session_id, event_id)
      SELECT 1, 'a.ts', 2, 2, session_id, id FROM session_events WHERE kind = 'edit' LIMIT 1`,
    );
    get = await client(createGitReading(sandbox.runner()));
  });

  afterAll(async () => {
    store[Symbol.dispose]();
    await sandbox[Symbol.asyncDispose]();
  });

  async function client(git?: GitReading): Promise<typeof get> {
    const app = await withFileRoutes(createApp({ ...presetServices(store), git }));
    const handler = app.handler();
    return async (path) => {
      const response = await handler(localRequest(path));
      return { status: response.status, body: await response.json() };
    };
  }

  it("names the session and prompt of each line that a session wrote", async () => {
    const { status, body } = await get(`${BLAME}?path=a.ts&rev=main`);
    assertEquals([status, body.hash, body.lineCount], [200, commit, 2]);
    const groups = body.groups as Record<string, unknown>[];
    assertEquals(groups.map(({ lines }) => lines), [["const a = 1;"], ["const b = 2;"]]);
    assertEquals(groups[1].source, "session");
    assertEquals(typeof (groups[1].prompt as { text: string }).text, "string");
    const part = await get(`${BLAME}?path=a.ts&from=2&count=1`);
    assertEquals([part.body.firstLine, part.body.lastLine], [2, 2]);
  });

  it("gives a commit's diff as text, by the start of its hash", async () => {
    const { status, body } = await get(`/api/commits/${commit.slice(0, 10)}/diff`);
    assertEquals([status, body.against, body.hash], [200, "nothing", commit]);
    const [file, binary] = body.files as Record<string, unknown>[];
    assertEquals([file.path, file.added, binary.binary], ["a.ts", 2, true]);
    const [{ firstLine, lastLine }] = file.writtenLines as Record<string, number>[];
    assertEquals([firstLine, lastLine], [2, 2]);
  });

  it("says what is wrong with a question", async () => {
    const cases: [string, number, string][] = [
      [`${BLAME}`, 400, "path must be"],
      [`${BLAME}?path=a.ts&rev=--all`, 400, "rev must be"],
      [`${BLAME}?path=a.ts&rev=HEAD%5E`, 400, "rev must be"],
      [`${BLAME}?path=a.ts&count=1001`, 400, "count must be"],
      [`${BLAME}?path=a.ts&rev=none`, 404, "is called"],
      [`${BLAME}?path=none.ts`, 404, "is not in the version"],
      [`${BLAME}?path=../x`, 404, "is not in the version"],
      [`${BLAME}?path=data.bin`, 404, "is not text"],
      ["/api/repositories/9/blame?path=a.ts", 404, "No repository"],
      [`/api/commits/${"0".repeat(40)}/diff`, 404, "No commit"],
      // The store knows a commit that the repository does not have.
      [`/api/commits/${hashOf(2)}/diff`, 404, "no longer has this commit"],
    ];
    for (const [path, wanted, message] of cases) {
      const { status, body } = await get(path);
      assertEquals([path, status], [path, wanted]);
      assertStringIncludes(body.message as string, message);
    }
  });

  it("says so where the server cannot read repositories, or the repository is gone", async () => {
    const without = await client();
    const none = await without(`/api/commits/${commit}/diff`);
    assertEquals([none.status, none.body.error], [503, "repositoryUnexpected"]);
    await Deno.rename(sandbox.path("repo"), sandbox.path("moved"));
    const gone = await get(`${BLAME}?path=a.ts`);
    await Deno.rename(sandbox.path("moved"), sandbox.path("repo"));
    assertEquals([gone.status, gone.body.error], [503, "repositoryGone"]);
  });
});
