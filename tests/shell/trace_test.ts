import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { fc } from "../support/harness.ts";
import { readHeredocs, traceShell } from "../../lib/shell/trace.ts";

/** The files that a command writes, with their text. */
function written(command: string, cwd: string | null = "/home/me/app"): [string, string][] {
  return readHeredocs(command, { cwd }).map(({ path, content }) => [path, content]);
}

describe("files that a command writes", () => {
  const cases: [string, [string, string][]][] = [
    ["cat > a.md <<'EOF'\n# A\nmore\nEOF", [["/home/me/app/a.md", "# A\nmore"]]],
    ["cat <<EOF >> a.md\nx\nEOF\ngit add .", [["/home/me/app/a.md", "x"]]],
    ["cat <<-\tEOF > a\n\tx\n\tEOF", [["/home/me/app/a", "x"]]],
    ["tee a b <<'E' >/dev/null\nx\nE", [["/home/me/app/a", "x"], ["/home/me/app/b", "x"]]],
    ["cat <<'E' | sudo tee -a /etc/x\nx\nE", [["/etc/x", "x"]]],
    ["cd sub && cd deep; cat > a <<E\nx\nE", [["/home/me/app/sub/deep/a", "x"]]],
    ["D=/srv; cat > $D/a <<E\nx\nE", [["/srv/a", "x"]]],
    ["cat > ~/a <<E\nx\nE", [["/home/me/a", "x"]]],
    ["cat > 'a b' <<< one", [["/home/me/app/a b", "one"]]],
    ["bash -lc \"cat > a <<'E'\nx\nE\n\"", [["/home/me/app/a", "x"]]],
    ["cat > Dockerfile <<EOF\nRUN a \\\\\n  b \\$X\nEOF", [
      ["/home/me/app/Dockerfile", "RUN a \\\n  b $X"],
    ]],
    ["cat > a <<'E'\none\nE\ncat > b <<'E'\ntwo\nE", [
      ["/home/me/app/a", "one"],
      ["/home/me/app/b", "two"],
    ]],
    ["@'\none\ntwo\n'@ | Set-Content -Path a.txt", [["/home/me/app/a.txt", "one\ntwo"]]],
    ['Set-Content a.txt -Value @"\none\ntwo\n"@', [["/home/me/app/a.txt", "one\ntwo"]]],
    // The text is not the file's.
    ["python3 - <<'E' > a\nprint(1)\nE", []],
    ["python3 - <<'E' | tee a\nprint(1)\nE", []],
    ["cat > a <<'E'\ncut off", []],
    ["cat > /dev/stderr <<E\nx\nE", []],
    ["cat > $(mktemp) <<E\nx\nE", []],
    ["cat > $UNSET/a <<E\nx\nE", []],
    ["ssh host 'cat > a <<E\nx\nE\n'", []],
    ["git commit -m \"$(cat <<'EOF'\nAdd > b\nEOF\n)\"", []],
    ["echo x > a", []],
  ];
  for (const [command, expected] of cases) {
    it(JSON.stringify(command), () => assertEquals(written(command), expected));
  }

  it("stay relative if no folder is known", () => {
    assertEquals(written("cat > a <<E\nx\nE", null), [["a", "x"]]);
  });
});

describe("a traced command line", () => {
  it("names every folder that it stood in once", () => {
    const { folders } = traceShell("cd a; git -C ../b status; (cd c && ls); cd ../a; ls", "/r");
    assertEquals(folders, ["/r", "/r/a", "/r/b", "/r/a/c"]);
  });

  it("is bounded, whatever it holds", () => {
    const doubled = "a=x;" + "a=$a$a$a$a;".repeat(2_000) + "cd $a";
    const deep = "bash -c '".repeat(5_000) + "eval $(".repeat(5_000) + "<<E\n".repeat(5_000);
    const exported = Array.from({ length: 5_000 }, (_, i) => `export V${i}=${i}`).join(";");
    const before = performance.now();
    for (
      const command of [
        doubled,
        deep,
        exported,
        "(".repeat(1e5),
        "$(".repeat(1e5),
        "@'\n".repeat(1e5),
      ]
    ) {
      traceShell(command, "/r");
    }
    const took = performance.now() - before;
    assertEquals(took < 5_000, true, `${Math.round(took)} ms`);
  });

  it("never throws", () => {
    const unit = fc.constantFrom(
      ..."git commit -m'\"$(`)<<EOF\\\n;&|>cd {}#@=",
      "export GIT_DIR=",
      "bash -c ",
      "alias a=",
      "tee ",
      "Set-Content ",
      "jj commit ",
      "gh pr merge ",
    );
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        traceShell(text, "/r");
        readHeredocs(text, { cwd: null });
      }),
      { numRuns: 2_000, seed: 20261201 },
    );
  });
});
