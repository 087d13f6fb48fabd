import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { homeOf, joinPath, normalPath } from "../../lib/text/paths.ts";
import { type KnownPath, PathIndex } from "../../lib/text/path_index.ts";

const APP: KnownPath = { path: "/home/me/app", repository: 1, root: "/home/me/app" };

function find(
  path: string,
  known: KnownPath[],
  aliases: { oldPath: string; newPath: string }[] = [],
) {
  return new PathIndex(known, aliases).find(path);
}

describe("places", () => {
  it("finds a file's repository by its nearest known parent", () => {
    const inner: KnownPath = {
      path: "/home/me/app/vendor/lib",
      repository: 2,
      root: "/home/me/app/vendor/lib",
    };
    assertEquals(find("/home/me/app/src/a.ts", [APP, inner]), { repository: 1, path: "src/a.ts" });
    assertEquals(find("/home/me/app/vendor/lib/b.ts", [APP, inner]), {
      repository: 2,
      path: "b.ts",
    });
    assertEquals(find("/home/me/other/a.ts", [APP, inner]), null);
    assertEquals(find("/home/me/application/a.ts", [APP]), null);
  });

  it("stops at a folder that is known to be in no repository", () => {
    const none: KnownPath = { path: "/home/me/app/tmp/scratch", repository: null, root: null };
    assertEquals(find("/home/me/app/tmp/scratch/a.ts", [APP, none]), null);
  });

  it("takes a worktree's folder off, whether it is still there or not", () => {
    const worktree: KnownPath = {
      path: "/home/me/app-wt/src",
      repository: 1,
      root: "/home/me/app-wt",
    };
    assertEquals(find("/home/me/app-wt/src/a.ts", [APP, worktree]), {
      repository: 1,
      path: "src/a.ts",
    });
    for (const folder of [".worktrees/x", ".claude/worktrees/x", "worktrees/x"]) {
      const path = `/home/me/app/${folder}/src/a.ts`;
      assertEquals(find(path, [APP]), { repository: 1, path: "src/a.ts" }, path);
    }
  });

  it("does not care for case where nothing is spelled like that", () => {
    assertEquals(find("/Home/Me/App/src/A.ts", [APP]), { repository: 1, path: "src/A.ts" });
    const twin: KnownPath = { path: "/home/me/APP", repository: 2, root: "/home/me/APP" };
    assertEquals(find("/home/me/App/a.ts", [APP, twin]), null);
    assertEquals(find("/home/me/APP/a.ts", [APP, twin]), { repository: 2, path: "a.ts" });
  });

  it("follows the user's word to where a folder is now, the longest first", () => {
    const aliases = [
      { oldPath: "C:\\src\\app", newPath: "/home/me/app" },
      { oldPath: "/old", newPath: "/nowhere" },
      { oldPath: "/old/app", newPath: "/home/me/app" },
    ];
    assertEquals(find("c:\\src\\app\\lib\\a.ts", [APP], aliases), {
      repository: 1,
      path: "lib/a.ts",
    });
    assertEquals(find("/old/app/a.ts", [APP], aliases), { repository: 1, path: "a.ts" });
    assertEquals(find("/old/application/a.ts", [APP], aliases), null);
  });
});

describe("paths", () => {
  it("are spelled in one way", () => {
    const spelled: Record<string, string> = {
      "/a//b/./c/": "/a/b/c",
      "/a/b/../c": "/a/c",
      "/../a": "/a",
      "c:\\x\\y": "C:/x/y",
      "\\\\server\\share": "//server/share".slice(1),
      "a\\b": "a/b",
      "/has\\backslash": "/has\\backslash",
    };
    for (const [path, normal] of Object.entries(spelled)) {
      assertEquals(normalPath(path), normal, path);
    }
  });

  it("are joined with where one stands", () => {
    assertEquals(joinPath("/a/b", "../c"), "/a/c");
    assertEquals(joinPath("C:\\a", "b\\c"), "C:/a/b/c");
    assertEquals(joinPath(null, "c"), null);
    assertEquals(joinPath("/a", "/b"), "/b");
  });

  it("tell the home that they lie in", () => {
    assertEquals(homeOf("/home/me/x"), "/home/me");
    assertEquals(homeOf("/Users/me"), "/Users/me");
    assertEquals(homeOf("/root/x"), "/root");
    assertEquals(homeOf("C:\\Users\\me\\x"), "C:\\Users\\me");
    assertEquals(homeOf("/srv/x"), null);
  });
});
