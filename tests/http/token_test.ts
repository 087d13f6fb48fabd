import { agentsIn } from "../support/agents.ts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { admit } from "../../lib/http/guard.ts";
import { findOwner } from "../../lib/fs/lock_file.ts";
import { startCli } from "../cli/run_cli.ts";
import { head, sendRaw } from "../support/raw_http.ts";
import { startServer } from "../support/server.ts";

const TOKEN = "correct-horse-battery";

describe("a server that is open to the network", () => {
  it("shows nobody anything without its token, under whatever name", async () => {
    await using server = await startServer({
      task: "start:network",
      host: "0.0.0.0",
      env: { ASCRIBE_TOKEN: TOKEN },
    });
    const { url } = server;
    const ask = async (path: string, headers: Record<string, string> = {}, method = "GET") => {
      const response = await fetch(url + path, { headers, method, redirect: "manual" });
      return { status: response.status, headers: response.headers, text: await response.text() };
    };
    const strangers: Record<string, string>[] = [
      {},
      { authorization: `Bearer ${TOKEN}x` },
      { authorization: `Basic ${btoa(`ascribe:${TOKEN}`)}` },
      { authorization: "Bearer " },
      { cookie: "ascribe-token=" },
      { cookie: `ascribe-token=${TOKEN}` },
      { cookie: `other=${TOKEN}` },
    ];
    for (
      const path of ["/", "/api/health", "/api/events", "/metrics", "/base.css", "/?token=wrong"]
    ) {
      for (const headers of strangers) {
        const { status, text } = await ask(path, headers);
        assertEquals(status, 401, `${path} ${JSON.stringify(headers)}`);
        assertStringIncludes(text, "ASCRIBE_TOKEN");
      }
    }
    assertEquals((await ask("/api/sync/git", { origin: url }, "POST")).status, 401);
    assertEquals((await ask(`/api/sync/git?token=${TOKEN}`, { origin: url }, "POST")).status, 401);

    const login = await ask(`//sessions?text=a&token=${TOKEN}`);
    assertEquals([login.status, login.headers.get("location")], [303, "/sessions?text=a"]);
    const [cookie, ...attributes] = login.headers.get("set-cookie")!.split("; ");
    assertEquals(attributes, ["Path=/", "HttpOnly", "SameSite=Strict"]);
    assert(!cookie.includes(TOKEN));
    assertEquals((await ask("/sessions", { cookie: `theme=dark; ${cookie}` })).status, 200);
    const authorization = `Bearer ${TOKEN}`;
    assertEquals((await ask("/api/health", { authorization })).status, 200);
    // The token lets in; it does not let other sites' pages act for whoever has it.
    const foreign = { cookie, origin: "http://example.org" };
    assertEquals((await ask("/api/sync/git", foreign, "POST")).status, 403);
    const named = head("GET /api/health", ["Host: desk.local", `Cookie: ${cookie}`]);
    assertEquals((await sendRaw(url, named)).statuses, [200]);

    assertEquals(findOwner(server.dataDir)?.address, url);
    const own = {
      ...agentsIn("/nonexistent"),
      CLAUDE_CONFIG_DIR: server.claudeDir,
      ASCRIBE_DATA_DIR: server.dataDir,
    };
    const refused = await startCli(["sync"], own).output();
    assertStringIncludes(new TextDecoder().decode(refused.stderr), "ASCRIBE_TOKEN");
    const { code, stderr } = await startCli(["sync"], { ...own, ASCRIBE_TOKEN: TOKEN }).output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    assert(!server.output().includes(TOKEN));
  });

  it("is not started by the task that listens to this machine alone, which says so", async () => {
    const failed = await startServer({ host: "0.0.0.0", env: { ASCRIBE_TOKEN: TOKEN } })
      .then((server) => server.stop().then(() => "it started"), (error: Error) => error.message);
    assertStringIncludes(failed, "deno task start:network");
  });
});

describe("admit", () => {
  it("lets a token in by an address only where it reads", () => {
    const request = (method: string) =>
      new Request(`http://desk.local/?token=${TOKEN}`, { method });
    assertEquals(admit(request("GET"), TOKEN).kind, "login");
    for (const method of ["HEAD", "POST", "DELETE"]) {
      assertEquals(admit(request(method), TOKEN).kind, "refused");
    }
  });
});
