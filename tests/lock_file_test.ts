import { assert, assertEquals } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { join } from "node:path";
import { acquireLock, findOwner, type LockFile } from "../lib/fs/lock_file.ts";

describe("the lock on a data folder", () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await Deno.makeTempDir({ prefix: "ascribe-lock-" });
  });
  afterEach(() => Deno.remove(dataDir, { recursive: true }));

  async function acquire(): Promise<LockFile> {
    const outcome = await acquireLock(dataDir);
    assert(outcome.kind === "acquired", JSON.stringify(outcome));
    return outcome.lock;
  }

  it("is one process's, and says whose and where", async () => {
    using lock = await acquire();
    assertEquals(findOwner(dataDir), { pid: Deno.pid, address: null });
    lock.setAddress("http://127.0.0.1:47892");
    const owner = { pid: Deno.pid, address: "http://127.0.0.1:47892" };
    assertEquals(findOwner(dataDir), owner);
    assertEquals(await acquireLock(dataDir), { kind: "held", owner });
  });

  it("is free again once given up", async () => {
    (await acquire())[Symbol.dispose]();
    assertEquals(findOwner(dataDir), null);
    (await acquire())[Symbol.dispose]();
  });

  it("that a dead process left is stale, whatever it says", async () => {
    const left = JSON.stringify({ pid: Deno.pid, address: "http://127.0.0.1:47892" });
    await Deno.writeTextFile(join(dataDir, "ascribe.lock"), left);
    assertEquals(findOwner(dataDir), null);
    using _lock = await acquire();
    assertEquals(findOwner(dataDir), { pid: Deno.pid, address: null });
  });

  it("dies with its process, however that ends", async () => {
    const source = `
      import { acquireLock } from ${JSON.stringify(import.meta.resolve("../lib/fs/lock_file.ts"))};
      const { lock } = await acquireLock(${JSON.stringify(dataDir)});
      lock.setAddress("http://127.0.0.1:1");
      console.log("locked");
      setInterval(() => lock, 1000);`;
    const script = join(dataDir, "hold.ts");
    await Deno.writeTextFile(script, source);
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "--no-check", "-A", script],
      stdout: "piped",
    }).spawn();
    const reader = child.stdout.getReader();
    await reader.read();
    assertEquals(findOwner(dataDir), { pid: child.pid, address: "http://127.0.0.1:1" });
    assertEquals((await acquireLock(dataDir)).kind, "held");
    child.kill("SIGKILL");
    await child.status;
    await reader.cancel();
    assertEquals(findOwner(dataDir), null);
    (await acquire())[Symbol.dispose]();
  });

  it("is believed only where it makes sense", async () => {
    const path = join(dataDir, "ascribe.lock");
    const file = await Deno.open(path, { read: true, write: true, create: true });
    await file.lock(true);
    const claims = [
      ["", null],
      ["{", null],
      ['{"pid":"x"}', null],
      ['{"pid":1,"address":"http://example.org:80"}', { pid: 1, address: null }],
      ['{"pid":1,"address":"http://127.0.0.1:80/x"}', { pid: 1, address: null }],
      ['{"pid":1,"address":"http://[::1]:80"}', { pid: 1, address: "http://[::1]:80" }],
    ] as const;
    for (const [text, owner] of claims) {
      await Deno.writeTextFile(path, text);
      assertEquals(findOwner(dataDir), owner);
    }
    file.close();
  });

  it("of a folder that is not there is nobody's, and taking it makes the folder", async () => {
    dataDir = join(dataDir, "a/b");
    assertEquals(findOwner(dataDir), null);
    (await acquire())[Symbol.dispose]();
    assertEquals(Deno.statSync(dataDir).mode! & 0o777, 0o700);
  });
});
