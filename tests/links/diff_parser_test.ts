import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { DiffParser } from "../../lib/git/diff/diff_parser.ts";
import { hashLine } from "../../lib/domain/line_hashes.ts";

const HASH = "a".repeat(40);

/** The files of one commit's diff, lines as given. */
function read(diff: string, step = diff.length): unknown[] {
  const parser = new DiffParser();
  const bytes = new TextEncoder().encode(`${HASH}\n${diff}`);
  const found = [];
  for (let at = 0; at < bytes.length; at += step) {
    found.push(...parser.push(bytes.slice(at, at + step)));
  }
  found.push(...parser.end());
  return found.flatMap(({ change }) =>
    change.files.map(({ path, oldPath, added, places, removed }) => ({
      path,
      oldPath,
      added: [...added],
      places: [...places],
      removed: [...removed],
    }))
  );
}

const hashes = (...lines: string[]) => lines.map(hashLine);

const SIMPLE = `diff --git a/x.ts b/x.ts
index 1..2 100644
--- a/x.ts
+++ b/x.ts
@@ -2 +2,2 @@ class A
-old
+new one
+--- not a header
@@ -9 +10 @@
-@@ -1 +1 @@ neither
+diff --git a/q b/q
`;

describe("DiffParser", () => {
  it("reads added and removed lines with their places, whatever they look like", () => {
    assertEquals(read(SIMPLE), [{
      path: "x.ts",
      oldPath: null,
      added: hashes("new one", "--- not a header", "diff --git a/q b/q"),
      places: [2, 3, 10],
      removed: hashes("old", "@@ -1 +1 @@ neither"),
    }]);
  });

  it("keeps the lines that stay around what changes", () => {
    const parser = new DiffParser();
    parser.push(new TextEncoder().encode(`${HASH}
diff --git a/x.ts b/x.ts
index 1..2 100644
--- a/x.ts
+++ b/x.ts
@@ -1,5 +1,5 @@
 before
${" "}
-old
+new
 after
 the last
`));
    const [{ change: { files: [file] } }] = parser.end();
    assertEquals([...file.around], hashes("before", "", "after", "the last"));
    assertEquals([...file.places], [3]);
  });

  it("reads the same from pieces of any size", () => {
    const whole = read(SIMPLE);
    for (const step of [1, 2, 7, 50]) assertEquals(read(SIMPLE, step), whole);
  });

  it("reads renames, new, deleted and binary files", () => {
    const files = read(`diff --git a/old name.ts b/new name.ts
similarity index 90%
rename from old name.ts
rename to new name.ts
--- a/old name.ts\t
+++ b/new name.ts\t
@@ -1 +1 @@
-a
+b
diff --git a/added b/added
new file mode 100644
--- /dev/null
+++ b/added
@@ -0,0 +1 @@
+only
\\ No newline at end of file
diff --git a/gone b/gone
deleted file mode 100644
--- a/gone
+++ /dev/null
@@ -1 +0,0 @@
-was
diff --git a/image.png b/image.png
Binary files a/image.png and b/image.png differ
diff --git a/mode.sh b/mode.sh
old mode 100644
new mode 100755
`) as { path: string; oldPath: string | null }[];
    assertEquals(files.map(({ path, oldPath }) => [path, oldPath]), [
      ["new name.ts", "old name.ts"],
      ["added", null],
      ["gone", null],
      ["image.png", null],
      ["mode.sh", null],
    ]);
  });

  it("undoes git's quoting of paths", () => {
    const [file] = read(`diff --git "a/t\\tab\\303\\274.ts" "b/t\\tab\\303\\274.ts"
--- "a/t\\tab\\303\\274.ts"
+++ "b/t\\tab\\303\\274.ts"
@@ -0,0 +1 @@
+x
`) as { path: string }[];
    assertEquals(file.path, "t\tabü.ts");
  });

  it("takes from a merge only the lines that none of its parents has", () => {
    assertEquals(
      read(`diff --cc a.ts
index 1,2..3
--- a/a.ts
+++ b/a.ts
@@@ -1,2 -1,2 +1,3 @@@
  both
- left
 -right
++solved
+ from the second parent
`),
      [{ path: "a.ts", oldPath: null, added: hashes("solved"), places: [2], removed: [] }],
    );
  });
});
