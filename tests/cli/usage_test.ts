import { describe, it } from "@std/testing/bdd";
import { assertEquals, assertMatch } from "@std/assert";
import { VERSION } from "../../lib/domain/version.ts";
import { makePlace, runCli, runProcess } from "./run_cli.ts";

/** Runs a command that is used wrongly: one line says so, and the exit code is 2. */
async function misuse(...args: string[]): Promise<string> {
  await using place = await makePlace();
  const { code, stdout, stderr } = await runCli(args, place.env);
  assertEquals([code, stdout, stderr.split("\n").length], [2, "", 2]);
  return stderr.trim();
}

describe("the command line", () => {
  it("lists its commands", async () => {
    const { code, stdout, stderr } = await runCli(["help"]);
    assertEquals([code, stderr], [0, ""]);
    for (const name of ["serve", "index", "sync", "links", "edits", "why", "sample", "version"]) {
      assertMatch(stdout, new RegExp(`^  ${name} `, "m"));
    }
    assertEquals((await runCli(["--help"])).stdout, stdout);
  });

  it("says what a command takes, asked in either way", async () => {
    const { code, stdout } = await runCli(["sync", "--help"]);
    assertEquals(code, 0);
    assertMatch(stdout, /^Usage: ascribe sync /);
    assertMatch(stdout, /--without-rule NAME/);
    assertMatch(stdout, /--data-dir FOLDER/);
    assertEquals((await runCli(["help", "sync"])).stdout, stdout);
  });

  it("prints its version, for programs as one object", async () => {
    assertEquals((await runCli(["version"])).stdout, `ascribe ${VERSION}\n`);
    assertEquals((await runCli(["--version"])).stdout, `ascribe ${VERSION}\n`);
    assertEquals(JSON.parse((await runCli(["version", "--json"])).stdout).version, VERSION);
  });

  it("guesses what a mistyped command, flag or rule was meant to be", async () => {
    const said = 'ascribe: There is no command "lnks": did you mean links?';
    assertEquals(await misuse("lnks"), said);
    assertEquals(await runProcess(["lnks"]), { code: 2, stdout: "", stderr: `${said}\n` });
    assertMatch(await misuse("links", "--tire", "1"), /did you mean --tier\?/);
    assertMatch(await misuse("sync", "--without-rule", "contant"), /did you mean content\?/);
    assertMatch(await misuse("fetch"), /ascribe help lists the commands/);
  });

  it("names what is wrong with a value", async () => {
    assertMatch(await misuse("links", "--port", "http"), /--port must be a number .*"http"/);
    assertMatch(await misuse("links", "--host", "example.com"), /--host must be/);
    assertMatch(await misuse("links", "--host", "0.0.0.0"), /set ASCRIBE_TOKEN to a secret/);
    assertMatch(await misuse("links", "--format", "xml"), /--format must be text or json/);
    assertMatch(await misuse("links", "--tier", "3"), /--tier must be 1 or 2/);
    assertMatch(
      await misuse("edits", "--landed", "half"),
      /--landed must be one of missing, none, some, all/,
    );
    assertMatch(await misuse("sample", "x", "--date", "2026-02-30"), /--date must be a day/);
    assertMatch(await misuse("sync", "--log-level", "loud"), /--log-level must be one of/);
  });

  it("names what is missing or too much", async () => {
    assertMatch(await misuse("sample"), /missing argument DIR\. Usage: ascribe sample DIR/);
    assertMatch(await misuse("sync", "now"), /unexpected argument now/);
    assertMatch(await misuse("links", "--port"), /--port/);
    assertMatch(await misuse("repositories", "move"), /repositories move is no command/);
    assertMatch(await misuse("repositories", "list", "all"), /repositories list all is no command/);
    assertMatch(await misuse("repositories", "alias", ""), /"" names no folder/);
    assertMatch(await misuse("repositories", "alias", "/a", "/a"), /cannot have moved to itself/);
    assertMatch(await misuse("range"), /missing argument BASE\. Usage: ascribe range/);
    assertMatch(await misuse("links", "--port", "-5"), /--port needs a value .*--port=VALUE/);
    assertMatch(await misuse("help", "lnks"), /did you mean links\?/);
  });

  it("says that git is missing, and does without it where it can", async () => {
    await using place = await makePlace();
    const env = { ...place.env, PATH: place.folder };
    const { code, stderr } = await runProcess(["sync"], env);
    assertEquals([code, stderr], [
      1,
      "ascribe: git was not found in PATH. Install git, then start Ascribe again.\n",
    ]);
    assertEquals((await runCli(["version"], env)).code, 0);
    assertMatch((await runCli(["links"], env)).stderr, /There is no database/);
  });

  it("says that there are no transcripts where it was told to look", async () => {
    await using place = await makePlace();
    const { code, stderr } = await runCli(["sync", "--claude-dir", "/none"], place.env);
    assertEquals(code, 0);
    assertMatch(
      stderr,
      /^No agent's sessions are in \/none, .* name the folder with --claude-dir, .*\.$/m,
    );
  });

  it("tells reading commands that there is no database yet", async () => {
    await using place = await makePlace();
    for (const command of [["links"], ["repositories"], ["why", "abcd1234"]]) {
      const { code, stdout, stderr } = await runCli(command, place.env);
      assertEquals([code, stdout], [1, ""]);
      assertMatch(stderr, /^ascribe: There is no database at .* yet\. Run `ascribe sync`/);
    }
  });
});
