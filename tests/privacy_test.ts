import { agentsIn } from "./support/agents.ts";
import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { startCli } from "./cli/run_cli.ts";
import { startServer } from "./support/server.ts";
import { Workspace } from "./support/workspace.ts";

const CANARY = "zebra-quartz-canary";
const LOOPBACK = /^(?:0100007F|00000000000000000000000001000000|0000000000000000FFFF00000100007F)$/;

/** Addresses that a process's sockets have, its own and others', as the kernel writes them. */
async function socketsOf(pid: number): Promise<string[]> {
  const inodes = new Set<string>();
  for await (const { name } of Deno.readDir(`/proc/${pid}/fd`)) {
    const target = await Deno.readLink(`/proc/${pid}/fd/${name}`).catch(() => "");
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    if (inode !== undefined) inodes.add(inode);
  }
  const found: string[] = [];
  for (const table of ["tcp", "tcp6", "udp", "udp6", "raw", "raw6"]) {
    const text = await Deno.readTextFile(`/proc/${pid}/net/${table}`).catch(() => "");
    for (const line of text.split("\n").slice(1)) {
      const [, local, remote, , , , , , , inode] = line.trim().split(/\s+/);
      if (!inodes.has(inode)) continue;
      found.push(local.split(":")[0]);
      if (!/^0+:0+$/.test(remote)) found.push(remote.split(":")[0]);
    }
  }
  return found;
}

/** A process and its children, git and others. */
async function familyOf(pid: number): Promise<number[]> {
  const family = [pid];
  for await (const task of Deno.readDir(`/proc/${pid}/task`)) {
    const text = await Deno.readTextFile(`/proc/${pid}/task/${task.name}/children`).catch(() => "");
    for (const child of text.split(" ").filter((it) => it !== "")) {
      family.push(...await familyOf(Number(child)).catch(() => []));
    }
  }
  return family;
}

describe("the program at work", () => {
  it("has no socket but on this machine, through a sync and every page", {
    ignore: Deno.build.os !== "linux",
  }, async () => {
    await using workspace = await Workspace.withSample();
    const { claudeDir, dataDir } = workspace;
    await using server = await startServer({ claudeDir, dataDir });
    const seen = new Set<string>();
    let looks = 0;
    const look = async () => {
      looks++;
      for (const pid of await familyOf(server.pid)) {
        for (const address of await socketsOf(pid).catch(() => [])) seen.add(address);
      }
    };
    const headers = { origin: server.url };
    await (await fetch(`${server.url}/api/sync/git`, { method: "POST", headers })).body?.cancel();
    const stop = Date.now() + 20_000;
    while (Date.now() < stop) {
      await look();
      const { running, linksCreated } = await (await fetch(`${server.url}/api/status`)).json();
      if (running === null && linksCreated > 0) break;
    }
    for (
      const path of ["/", "/sessions", "/commits", "/repositories", "/settings", "/search?q=a"]
    ) {
      await (await fetch(server.url + path)).text();
      await look();
    }
    assert(looks > 6 && seen.size > 0, `${looks} looks`);
    assertEquals([...seen].filter((address) => !LOOPBACK.test(address)), []);
  });

  it("logs no word of a prompt, a message or a file, however much it logs", async () => {
    await using workspace = await Workspace.empty();
    const { claudeDir, dataDir } = workspace;
    const repository = await workspace.addEmptyRepository("repo");
    const transcript = await workspace.addSession(repository);
    const folder = `${claudeDir}/projects/${repository.replaceAll(/[^A-Za-z0-9]/g, "-")}`;
    const [first] = [...Deno.readDirSync(folder)].map(({ name }) => `${folder}/${name}`);
    const text = (await Deno.readTextFile(first)).replace(
      /"content":"[^"]*"/,
      `"content":"${CANARY}"`,
    );
    assert(text.includes(CANARY), `${transcript}: ${text}`);
    await Deno.writeTextFile(first, `${text}{"type":"user","${CANARY}\n{"broken": "${CANARY}"}\n`);
    const env = {
      ...agentsIn("/nonexistent"),
      CLAUDE_CONFIG_DIR: claudeDir,
      ASCRIBE_DATA_DIR: dataDir,
    };
    const synced = await startCli(["sync", "--log-level", "debug"], env).output();
    const output = new TextDecoder().decode(synced.stdout) +
      new TextDecoder().decode(synced.stderr);
    assertEquals(synced.code, 0, output);
    assert(!output.includes(CANARY), output);
    await using server = await startServer({ claudeDir, dataDir, args: ["--log-level", "debug"] });
    for (
      const path of ["/sessions", `/search?q=${CANARY}`, `/api/search?q=${CANARY}`, `/${CANARY}`]
    ) {
      await (await fetch(server.url + path)).text();
    }
    const page = await (await fetch(`${server.url}/sessions`)).text();
    assert(page.includes(CANARY), "the prompt was read");
    await server.stop();
    assert(!server.output().includes(CANARY), server.output());
  });
});
