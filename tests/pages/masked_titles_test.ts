import { assert, assertEquals } from "@std/assert";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { entriesOf } from "../../lib/queries/search_hits.ts";
import type { GitReading } from "../../lib/git/read/reading.ts";
import { MASK } from "../../lib/secrets/secrets.ts";
import type { Database } from "../../lib/store/database.ts";
import { refreshSearch } from "../../lib/store/write/search_index.ts";
import { search } from "../../lib/store/read/search.ts";
import { createApp } from "../../main.ts";
import { cannedGit } from "../support/canned_git.ts";
import { withFileRoutes } from "../support/file_routes.ts";
import { hashOf, projectIdOf, repositoryIdOf, seedStore, sessionIdOf } from "../support/seed.ts";
import { localRequest, presetServices } from "../support/services.ts";

const SECRET = "ghp_q8w7e6r5t4y3u2i1o0p9a8s7d6f5g4h3j2k1";
const TITLE = `Rotate ${SECRET} now`;

/** What a page shows before anybody asks for a mask to be lifted. */
function shown(html: string): string {
  return html.replaceAll(/<span class="secret-text">[^<]*<\/span>/g, "");
}

describe("titles with a secret in them", () => {
  let db: Database;
  let handler: (request: Request) => Promise<Response>;

  beforeAll(async () => {
    db = seedStore({ sessions: 20, commits: 60, repositories: 2 });
    db.run("UPDATE sessions SET title = iif(id % 2, ?1, NULL), first_message = ?1", TITLE);
    db.run("UPDATE commits SET subject = ?", TITLE);
    db.run(
      `UPDATE session_events SET data = json_set(data, '$.text', ?1, '$.command', ?1)
       WHERE kind <> 'edit'`,
      TITLE,
    );
    db.run(
      "UPDATE session_commits SET evidence = json_array(json_object('rule', 'commit_command', 'subject', ?, 'seconds', 1))",
      TITLE,
    );
    await refreshSearch(db);
    const git: GitReading = cannedGit(hashOf(3));
    handler = (await withFileRoutes(createApp({ ...presetServices(db), git }))).handler();
  });
  afterAll(() => db[Symbol.dispose]());

  const paths = [
    "/?range=all",
    "/sessions",
    `/sessions/${sessionIdOf(1)}`,
    `/sessions/${sessionIdOf(2)}`,
    `/projects/${projectIdOf(1)}`,
    "/commits",
    "/edits",
    `/commits/${hashOf(3)}`,
    `/repositories/${repositoryIdOf(1)}`,
    `/repositories/${repositoryIdOf(2)}/blame?path=src/a.ts`,
    "/search?q=rotate",
    "/api/loom",
  ];
  for (const path of paths) {
    it(`are masked on ${path}`, async () => {
      const response = await handler(localRequest(path));
      const body = shown(await response.text());
      assertEquals(response.status, 200);
      assert(body.includes(MASK), "there is one to be seen");
      assertEquals(body.match(new RegExp(`.{0,80}${SECRET}.{0,20}`, "g")) ?? [], []);
    });
  }

  it("are masked in the search that opens over a page", () => {
    const entries = entriesOf(search(db, "rotate"));
    assert(entries.some(({ note }) => note.includes(MASK)));
    assertEquals(entries.filter(({ note }) => note.includes(SECRET)), []);
  });

  it("are masked whole where the loom cuts a title within one", async () => {
    db.run("UPDATE sessions SET title = ?", `${"long ".repeat(22)}${SECRET}`);
    const loom = await (await handler(localRequest("/api/loom"))).text();
    assertEquals(loom.includes(SECRET.slice(0, 8)), false);
  });
});
