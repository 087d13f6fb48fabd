import type { Config } from "../lib/domain/settings.ts";
import { READERS } from "../lib/sessions/registry.ts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { type ConfigFlags, type Environment, readConfig } from "../lib/config.ts";

const HOME = { HOME: "/home/ada" };

function read(
  flags: ConfigFlags,
  environment: Environment = HOME,
  os: "linux" | "darwin" | "windows" = "linux",
): Config {
  const outcome = readConfig(flags, { environment, os });
  if (outcome.kind === "invalid") throw new Error(outcome.message);
  return outcome.config;
}

function refusal(flags: ConfigFlags, environment: Environment = HOME): string {
  const outcome = readConfig(flags, { environment, os: "linux" });
  assert(outcome.kind === "invalid", JSON.stringify(outcome));
  assert(!outcome.message.includes("\n"), "one line");
  return outcome.message;
}

/** Where Claude Code is looked for. */
function claudeCode({ agents }: Config) {
  const { roots, source } = agents.find(({ agent }) => agent === "claude-code")!;
  return { roots, source };
}

describe("settings", () => {
  it("have defaults", () => {
    const { agents, ...rest } = read({});
    assertEquals(agents.map(({ agent }) => agent), READERS.map(({ id }) => id));
    assertEquals(claudeCode(read({})), { roots: ["/home/ada/.claude"], source: "default" });
    assertEquals(rest, {
      port: 47892,
      host: "127.0.0.1",
      token: null,
      dataDir: "/home/ada/.local/share/ascribe",
      logLevel: "info",
      sources: {
        port: "default",
        host: "default",
        dataDir: "default",
        logLevel: "default",
      },
    });
  });

  it("come from the environment, and flags come first", () => {
    const environment = {
      ...HOME,
      ASCRIBE_PORT: "1000",
      ASCRIBE_DATA_DIR: "/data",
      CLAUDE_CONFIG_DIR: "/a,/b",
    };
    const config = read({ port: "2000", logLevel: "debug" }, environment);
    assertEquals([config.port, config.sources.port], [2000, "flag"]);
    assertEquals([config.dataDir, config.sources.dataDir], ["/data", "environment"]);
    assertEquals(claudeCode(config), { roots: ["/a", "/b"], source: "environment" });
    assertEquals([config.logLevel, config.sources.logLevel], ["debug", "flag"]);
    assertEquals(config.sources.host, "default");
  });

  it("keep data where the platform does", () => {
    const dataDir = (environment: Environment, os: "linux" | "darwin" | "windows") =>
      read({ agents: { "claude-code": "/c" } }, environment, os).dataDir;
    assertEquals(dataDir({ ...HOME, XDG_DATA_HOME: "/xdg" }, "linux"), "/xdg/ascribe");
    assertEquals(
      dataDir({ ...HOME, XDG_DATA_HOME: "xdg" }, "linux"),
      "/home/ada/.local/share/ascribe",
    );
    assertEquals(dataDir(HOME, "darwin"), "/home/ada/Library/Application Support/ascribe");
    assertStringIncludes(dataDir({ LOCALAPPDATA: "/local" }, "windows"), "ascribe");
  });

  it("take several folders of Claude Code, each once, the home's by its sign", () => {
    const config = read({ agents: { "claude-code": " /a , ~/b,/a,~" } });
    assertEquals(claudeCode(config).roots, ["/a", "/home/ada/b", "/home/ada"]);
  });

  it("take the home's sign for the data folder too, which a shell leaves in quotes", () => {
    assertEquals(read({ dataDir: "~/data" }).dataDir, "/home/ada/data");
    assertEquals(read({}, { ...HOME, ASCRIBE_DATA_DIR: "~" }).dataDir, "/home/ada");
  });
});

describe("a wrong value", () => {
  it("is one line that names the setting and what it takes", () => {
    for (const port of ["x", "-1", "65536", "", "1.5", "0x10", " 80"]) {
      assertStringIncludes(refusal({ port }), "--port must be a number from 0 to 65535");
    }
    assertStringIncludes(refusal({}, { ...HOME, ASCRIBE_PORT: "x" }), "ASCRIBE_PORT must be");
    assertStringIncludes(refusal({ logLevel: "loud" }), "error, warn, info, debug");
    assertStringIncludes(refusal({ agents: { "claude-code": " , " } }), "--claude-dir must name");
    assertStringIncludes(refusal({ dataDir: " " }), "--data-dir must name a folder");
    assertStringIncludes(refusal({ port: "a\nb" }), '"a\\nb"');
  });

  it("of the host says what there is", () => {
    for (const host of ["example.org", "192.168.0.2", "::ffff:127.0.0.1"]) {
      assertStringIncludes(refusal({ host }), "--host must be 127.0.0.1, localhost or ::1");
    }
    for (const host of ["localhost", "127.0.0.1", "::1", "[::1]"]) read({ host });
  });

  it("of the host demands a token where the network gets in, and says why", () => {
    for (const host of ["0.0.0.0", "::", "[::]"]) {
      assertStringIncludes(refusal({ host }), "lets every machine of the network in");
      assertStringIncludes(refusal({ host }), "set ASCRIBE_TOKEN");
      read({ host }, { ...HOME, ASCRIBE_TOKEN: "correct-horse-battery" });
    }
    for (
      const token of ["short", "has a space in it here", "a".repeat(300), "ümlaut-ümlaut-ümlaut"]
    ) {
      assertStringIncludes(refusal({}, { ...HOME, ASCRIBE_TOKEN: token }), "16 to 256");
      assert(!refusal({}, { ...HOME, ASCRIBE_TOKEN: token }).includes(token));
    }
  });

  it("is no home folder at all", () => {
    assertStringIncludes(refusal({ agents: { "claude-code": "/c" } }, {}), "--data-dir");
    assertStringIncludes(refusal({ dataDir: "/d" }, {}), "--claude-dir");
    read({ dataDir: "/d", agents: { "claude-code": "/c" } }, {});
  });
});
