import { assertEquals } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { type Database, openDatabase } from "../../lib/store/database.ts";
import { repositoryKey } from "../../lib/store/read/refs.ts";
import { assignRepositoryIds, remoteId } from "../../lib/store/write/repository_ids.ts";

const ROOT = "a".repeat(40);

describe("the ids of repositories", () => {
  let db: Database;
  beforeEach(() => {
    db = openDatabase(":memory:");
  });
  afterEach(() => db[Symbol.dispose]());

  function add(path: string, { roots = [] as string[], remotes = [] as string[] } = {}): void {
    db.run(
      `INSERT INTO repositories (common_dir, path, name, state, roots, remotes)
      VALUES (?, ?, ?, 'repository', ?, ?)`,
      `${path}/.git`,
      path,
      path.split("/").at(-1)!,
      JSON.stringify(roots),
      JSON.stringify(remotes),
    );
    assignRepositoryIds(db);
  }

  const ids = () =>
    db.all<{ path: string; id: string; slug: string }>(
      "SELECT path, public_id AS id, slug FROM repositories ORDER BY path",
    ).map(({ path, id, slug }) => [path, id, slug]);

  it("are the smallest root commit's hash, whatever the folder and the remote", () => {
    add("/b/Loom 2", { roots: [ROOT, "b".repeat(40)], remotes: ["https://example.org/x.git"] });
    assertEquals(ids(), [["/b/Loom 2", ROOT, "loom-2"]]);
  });

  it("have a number for further clones of one history, in the order of their paths", () => {
    add("/z/loom", { roots: [ROOT] });
    add("/m/loom", { roots: [ROOT] });
    add("/a/loom", { roots: [ROOT] });
    assertEquals(ids(), [
      ["/a/loom", ROOT, "loom"],
      ["/m/loom", `${ROOT}-2`, "loom-2"],
      ["/z/loom", `${ROOT}-3`, "loom-3"],
    ]);
  });

  it("are the remote where history is cut, and the folder's where there is neither", () => {
    add("/a/shallow", { remotes: ["git@Example.org:ada/loom.git"] });
    add("/b/empty");
    const [[, remote], [, folder]] = ids();
    assertEquals(remote, "example.org:ada:loom");
    assertEquals(/^folder-[0-9a-f]{8}$/.test(folder), true);
  });

  it("change with what is known, and never clash meanwhile", () => {
    add("/a/one");
    add("/b/two", { roots: [ROOT] });
    db.run("UPDATE repositories SET roots = ?", JSON.stringify([ROOT]));
    assignRepositoryIds(db);
    db.run("UPDATE repositories SET path = '/c/one', name = 'two' WHERE path = '/a/one'");
    assignRepositoryIds(db);
    assertEquals(ids(), [["/b/two", ROOT, "two"], ["/c/one", `${ROOT}-2`, "two-2"]]);
  });

  it("are found by id and by slug", () => {
    add("/a/loom", { roots: [ROOT] });
    assertEquals([repositoryKey(db, ROOT), repositoryKey(db, "loom")].map(Number), [1, 1]);
    assertEquals(repositoryKey(db, "1"), undefined);
  });

  it("name a remote one way, however its URL is spelled", () => {
    for (
      const url of [
        "https://github.com/ada/loom",
        "https://GitHub.com/ada/loom.git",
        "ssh://git@github.com:22/ada/loom.git",
        "git@github.com:ada/loom.git",
        "git://github.com/ada/loom/",
      ]
    ) assertEquals(remoteId(url), "github.com:ada:loom", url);
    for (const url of ["/srv/git/loom.git", "../loom", "C:\\git\\loom", "C:/git/loom", ""]) {
      assertEquals(remoteId(url), undefined, url);
    }
    assertEquals(remoteId("https://example.org/a b/ü?x#y"), "example.org:a-b:--x-y");
  });
});
