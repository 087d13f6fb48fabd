import { assert, assertEquals, assertMatch } from "@std/assert";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { join } from "node:path";
import { createOutput } from "../../lib/cli/output.ts";
import { printTable } from "../../lib/cli/table.ts";
import { createGitRunner } from "../../lib/git/run/runner.ts";
import { readGitEnvironment } from "../../lib/config.ts";
import { openDatabase } from "../../lib/store/database.ts";
import { databasePath } from "../../lib/store/open.ts";
import { neutralMarkdown } from "../../lib/text/markdown.ts";
import { copyFolder, sharedSample } from "../support/sample.ts";
import { type CliPlace, makePlace, makeSyncedPlace, runCli } from "./run_cli.ts";

describe("commands in a repository", () => {
  let place: CliPlace;
  let ferry: string;

  beforeAll(async () => {
    place = await makeSyncedPlace();
    ferry = join((await sharedSample()).folder, "work/ferry");
  });
  afterAll(async () => await place[Symbol.asyncDispose]());

  const run = (...args: string[]) => runCli(["-C", ferry, ...args], place.env);
  const out = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(...args);
    assertEquals(code, 0, stderr);
    return stdout;
  };
  /** Checks that a command ends with one sentence, and gives it. */
  const fails = async (code: number, ...args: string[]) => {
    const result = await run(...args);
    assertEquals([result.code, result.stdout], [code, ""], result.stderr);
    assertMatch(result.stderr, /^ascribe: [^\n]+\n$/);
    return result.stderr;
  };
  const git = async (folder: string, ...args: string[]) => {
    const runner = createGitRunner({
      environment: { ...readGitEnvironment(), HOME: place.folder },
    });
    const outcome = await runner.run(["-c", "user.name=A", "-c", "user.email=a@b", ...args], {
      cwd: folder,
    });
    assertEquals(outcome.kind, "ok", JSON.stringify(outcome));
  };

  describe("why", () => {
    it("begins with who made HEAD, and how that is known", async () => {
      assertMatch(
        await out("why"),
        /^Made by Claude Code session [0-9a-f-]{36}, 100%: it printed the commit\n/,
      );
    });

    it("takes any of git's revisions, and a line of a file", async () => {
      assertEquals(await out("why", "main"), await out("why"));
      assertEquals(await out("why", "main@{0}"), await out("why"));
      assert(await out("why", "HEAD~3") !== await out("why"));
      assertMatch(
        await out("why", "config/config.go:30"),
        /^Line 30 was written by Claude Code session \S+, asked: Config file with/,
      );
    });

    it("names what is near to a wrong name", async () => {
      assertMatch(
        await fails(2, "why", "v0.3.9"),
        /is called "v0\.3\.9"\. Did you mean v0\.3\.0\?/,
      );
    });

    it("ends with 1 where nothing speaks for the session that is asked about", async () => {
      assertEquals((await run("why", "HEAD", "ffffffff")).code, 1);
    });
  });

  describe("blame", () => {
    it("shows git's columns with the session and the start of the prompt", async () => {
      const lines = (await out("blame", "config/config.go:9-12")).trimEnd().split("\n");
      assertEquals(lines.length, 4);
      assertMatch(
        lines[1],
        /^[0-9a-f]{8} [0-9a-f]{8} Config file with .*… \(Mara Lindqvist \d{4}-\d\d-\d\d 10\) \/\/ Operator is/,
      );
      assertMatch(lines[3], /\) \tName, URL/);
    });

    it("prints the whole prompt behind a line", async () => {
      assertMatch(
        await out("blame", "config/config.go:30", "--prompt"),
        /^Line 30, Claude Code session \S+, \S+\n {4}Config file with .* no dependency\.\n$/,
      );
    });

    it("gives the same as JSON and in git's porcelain format", async () => {
      const { lines } = JSON.parse(await out("blame", "config/config.go:10", "--json"));
      const porcelain = await out("blame", "config/config.go:10", "--porcelain");
      assertEquals([lines.length, lines[0].source], [1, "session"]);
      assertMatch(porcelain, new RegExp(`^${lines[0].commit.hash} \\d+ 10 1\n`));
      assert(porcelain.includes(`\nsession ${lines[0].session.sessionId}\n`));
      assertMatch(porcelain, /\nfilename config\/config\.go\n\t\/\/ Operator is one feed\.\n$/);
    });

    it("reads another revision, from a folder below", async () => {
      const { stdout, code } = await runCli(
        ["-C", join(ferry, "config"), "blame", "config.go", "HEAD~1", "--json"],
        place.env,
      );
      assertEquals([code, JSON.parse(stdout).path], [0, "config/config.go"]);
    });

    it("says in a sentence what cannot be", async () => {
      assertMatch(await fails(2, "blame", "nothing.go"), /nothing\.go is no file of HEAD/);
      assertMatch(await fails(2, "blame", "/etc/passwd"), /is no file in .*ferry/);
      assertMatch(await fails(2, "blame", "go.mod:9999"), /has \d+ lines in HEAD, no line 9999/);
      assertMatch(await fails(2, "blame", "go.mod:5-2"), /5-2 are no lines/);
      assertMatch(await fails(2, "blame", "go.mod", "mian"), /Did you mean main\?/);
    });
  });

  describe("log and show", () => {
    it("log shows commits as git does, with session and prompt", async () => {
      const text = await out("log", "--max-count", "2");
      assertEquals(text.match(/^commit [0-9a-f]{40}/gm)!.length, 2);
      assertMatch(
        text,
        /^Session: \S+ \(Claude Code; 100% recorded, 100% of its lines\)\nPrompt: {2}Operator B is closed/m,
      );
      assertMatch(text, /^ {4}feat\(config\): skip an operator/m);
    });

    it("log takes ranges and paths", async () => {
      const ranged = (await out("log", "HEAD~3..HEAD", "--oneline")).trimEnd().split("\n");
      assertEquals(ranged.length, 3);
      const records = (await out("log", "--json", "--", "config")).trimEnd().split("\n")
        .map((line) => JSON.parse(line));
      assert(records.length >= 2 && records.every(({ stored }) => stored));
      assertMatch(await fails(2, "log", "nowhere..HEAD"), /is called "nowhere\.\.HEAD"/);
      assertMatch(await fails(2, "log", "--", "../../.."), /outside/);
      assertMatch(await fails(2, "log", "--max-count", "x"), /whole number/);
    });

    it("show has the changes, in git's colours", async () => {
      const text = await out("show");
      assertMatch(text, /^diff --git a\/config\/config\.go b\/config\/config\.go$/m);
      assertMatch(text, /^\+.*off/im);
      const { stdout } = await run("show", "--color", "always");
      assert(stdout.includes("\x1b[32m+"));
    });
  });

  describe("range", () => {
    it("counts the lines of a branch by who wrote them", async () => {
      const report = JSON.parse(await out("range", "HEAD~8..HEAD", "--format", "json"));
      const { added, bySessions, withSessions, byHand, byOthers, unknown } = report.lines;
      assertEquals(report.commits.length, 8);
      assertEquals(bySessions + withSessions + byHand + byOthers + unknown, added);
      assert(bySessions > 0 && byHand > 0);
      const files = report.files.reduce(
        (sum: number, file: { added: number }) => sum + file.added,
        0,
      );
      assertEquals(files, added);
      const times = report.prompts.map(({ at }: { at: string }) => at);
      assertEquals(times, [...times].sort());
    });

    it("keeps prompts out of a pull request's description unless they are asked for", async () => {
      const plain = await out("range", "HEAD~8..HEAD", "--format", "markdown");
      const prompt = /Operator B is closed in winter/;
      assert(!prompt.test(plain));
      assertMatch(await out("range", "HEAD~8..HEAD", "--format", "markdown", "--prompts"), prompt);
    });

    it("says in a sentence what is no range, and what has nothing in it", async () => {
      assertMatch(await fails(2, "range", "HEAD"), /is no range: type BASE\.\.HEAD/);
      assertMatch(await fails(2, "range", "mian..HEAD"), /Did you mean main\?/);
      assertEquals((await run("range", "HEAD..HEAD")).code, 1);
    });
  });

  describe("sessions", () => {
    it("lists those of the repository here, and resumes one by the start of its id", async () => {
      const ids = (await out("sessions", "--repository", ".", "--ids")).trimEnd().split("\n");
      const all = (await out("sessions", "--ids")).trimEnd().split("\n");
      assert(ids.length > 3 && ids.length < all.length);
      assertEquals(
        await out("resume", ids[0].slice(0, 8)),
        `cd '${ferry}' && claude --resume ${ids[0]}\n`,
      );
      assertMatch(await out("session", ids[0]), /^\S+ \(Claude Code\)\n/);
      assertMatch(await fails(2, "session", "zzzz"), /No session's id is or begins with "zzzz"/);
      assertMatch(await fails(2, "sessions", "--since", "soon"), /--since must be a day/);
    });

    it("status says what is stored", async () => {
      assertMatch(await out("status"), /^Sessions +\d+$/m);
    });
  });

  describe("a folder that is not as it should be", () => {
    it("is no repository, or one that no session worked in", async () => {
      const said = async (folder: string, code: number, ...args: string[]) => {
        const result = await runCli(["-C", folder, ...args], place.env);
        assertEquals(result.code, code, result.stderr);
        return result.stderr;
      };
      const folder = join(place.folder, "plain");
      await Deno.mkdir(folder);
      for (const args of [["log"], ["blame", "a"], ["range", "a..b"], ["why"]]) {
        assertMatch(await said(folder, 2, ...args), /is in no git repository\.\n$/);
      }
      await git(folder, "init", "-q");
      assertMatch(await said(folder, 1, "log"), /No session is known to have worked in/);
    });

    it("has histories without a common commit, a binary file, and no commit at all", async () => {
      const other = await makePlace();
      await using _ = other;
      const folder = join(other.folder, "ferry");
      copyFolder(place.dataDir, other.dataDir);
      copyFolder(ferry, folder);
      {
        using db = openDatabase(databasePath(other.dataDir));
        db.run("UPDATE repositories SET path = ? WHERE path = ?", folder, ferry);
      }
      await Deno.writeFile(join(folder, "logo.png"), new Uint8Array([1, 0, 2]));
      await git(folder, "checkout", "-q", "--orphan", "alone");
      await git(folder, "add", "logo.png");
      await git(folder, "commit", "-q", "-m", "alone");
      const said = async (code: number, ...args: string[]) => {
        const result = await runCli(["-C", folder, ...args], { ...place.env, ...other.env });
        assertEquals(result.code, code, result.stderr);
        return result.stderr;
      };
      assertMatch(await said(1, "range", "main..alone"), /have no common history/);
      assertMatch(await said(1, "blame", "logo.png"), /logo\.png is binary/);
      await git(folder, "checkout", "-q", "--orphan", "empty");
      assertMatch(await said(2, "show"), /is called "HEAD"/);
    });

    it("has a database of a newer version", async () => {
      const other = await makePlace();
      await using _ = other;
      copyFolder(place.dataDir, other.dataDir);
      {
        using db = openDatabase(databasePath(other.dataDir));
        db.exec("PRAGMA user_version = 9999");
      }
      const { code, stderr } = await runCli(["-C", ferry, "log"], other.env);
      assertEquals(code, 1);
      assertMatch(stderr, /newer/);
    });
  });

  describe("help and completions", () => {
    it("are made from the list of commands", async () => {
      const page = await out("help", "--man");
      for (const shell of ["bash", "zsh", "fish"]) {
        const script = await out("completions", shell);
        for (const name of ["blame", "range", "resume"]) {
          assert(script.includes(name) && page.includes(`.B ascribe ${name}`), name);
        }
      }
      assertMatch(await fails(2, "completions", "csh"), /SHELL must be one of bash, zsh, fish/);
    });

    it("bash takes them", async () => {
      const script = await out("completions", "bash");
      const { stdout, success } = await new Deno.Command("bash", {
        args: [
          "-c",
          `${script}\nCOMP_WORDS=(ascribe bl); COMP_CWORD=1; _ascribe; echo "\${COMPREPLY[@]}"`,
        ],
      }).output();
      assertEquals([success, new TextDecoder().decode(stdout)], [true, "blame\n"]);
    });
  });
});

describe("what a terminal shows", () => {
  const shown = async (color: boolean) => {
    let text = "";
    const stdout = {
      isTerminal: () => true,
      writeSync: (bytes: Uint8Array) => {
        text += new TextDecoder().decode(bytes);
        return bytes.length;
      },
    };
    const output = createOutput({ stdout, stderr: stdout, columns: () => 30, color });
    await printTable(output, [{ head: "Name", style: "hash" }, { head: "Text" }], [
      [{ text: "a", href: "http://127.0.0.1:1/a" }, "short"],
      ["名前", "a text that is longer than the line\x1b[31m"],
    ]);
    return text;
  };

  it("is aligned under heads and cut to its width", async () => {
    assertEquals(
      await shown(false),
      "Name  Text\na     short\n名前  a text that is longer t…\n",
    );
  });

  it("has styles and links, and nothing that others wrote steers it", async () => {
    const text = await shown(true);
    assert(text.includes("\x1b]8;;http://127.0.0.1:1/a\x1b\\\x1b[33ma   \x1b[m\x1b]8;;\x1b\\"));
    assert(!text.includes("\x1b[31m"));
  });
});

describe("Markdown of others", () => {
  it("notifies nobody, closes nothing and is no markup", () => {
    assertEquals(neutralMarkdown("hi @ada, fixes #12"), "hi @\u200bada, f\u200bixes #\u200b12");
    assertEquals(neutralMarkdown("<b>[x](y)|`z`"), "\\<b\\>\\[x\\]\\(y\\)\\|\\`z\\`");
    assert(!/https?:\/\//.test(neutralMarkdown("closes https://example.org/a/b/issues/1")));
    assertEquals(neutralMarkdown("a\n\n# b"), "a # b");
  });
});
