import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { createGitReading } from "../../lib/git/read/reading.ts";
import type { Database } from "../../lib/store/database.ts";
import { createApp } from "../../main.ts";
import { withFileRoutes } from "../support/file_routes.ts";
import { localRequest, presetServices } from "../support/services.ts";
import { Sandbox, scan, storeOf } from "./sandbox.ts";

/** Every byte that git lets into a name. */
const BYTES = Array.from({ length: 255 }, (_, i) => i + 1).filter((byte) => byte !== 47);

describe("a repository of every byte", () => {
  let sandbox: Sandbox;
  let db: Database;
  let handler: (request: Request) => Promise<Response>;
  let hash: string;

  beforeAll(async () => {
    sandbox = await Sandbox.create();
    await sandbox.init("repo");
    await sandbox.init("corrupt");
    await sandbox.commit("corrupt", "lost");
    await Deno.writeTextFile(sandbox.path("corrupt/.git/HEAD"), "\u001b[2J<script>\n");
    await sandbox.init("locked");
    await sandbox.commit("locked", "kept");
    for (const lock of ["index", "HEAD", "packed-refs", "config", "refs/heads/main"]) {
      await Deno.writeTextFile(sandbox.path(`locked/.git/${lock}.lock`), "");
    }
    await importEveryByte();
    hash = await sandbox.git("repo", "rev-parse", "main");
    db = storeOf([["repo", "corrupt", "locked"].map((name) => sandbox.path(name))]);
    await scan(db, sandbox.runner());
    const git = createGitReading(sandbox.runner());
    handler = (await withFileRoutes(createApp({ ...presetServices(db), git }))).handler();
  });
  afterAll(async () => {
    db[Symbol.dispose]();
    await sandbox[Symbol.asyncDispose]();
  });

  /** Makes one commit by `git fast-import`, which takes names and messages as they are. */
  async function importEveryByte(): Promise<void> {
    const chunks: Uint8Array[] = [];
    const say = (text: string) => chunks.push(new TextEncoder().encode(text));
    const message = new Uint8Array(BYTES);
    say("commit refs/heads/main\ncommitter A <a@example.org> 1772355600 +0000\n");
    say(`data ${message.length}\n`);
    chunks.push(message);
    say("\n");
    for (const byte of BYTES) {
      const quoted = `\\${byte.toString(8).padStart(3, "0")}`;
      say(`M 100644 inline "x${quoted}y"\ndata 3\n`);
      chunks.push(new Uint8Array([byte, 10, 65]));
      say("\n");
    }
    const input = new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
    await sandbox.gitWith("repo", ["fast-import", "--quiet", "--force"], { input });
  }

  async function open(path: string): Promise<{ status: number; text: string }> {
    const response = await handler(localRequest(path));
    return { status: response.status, text: await response.text() };
  }

  it("is scanned, beside others that are locked, and one that is corrupt says so on its page", async () => {
    const rows = db.all<{ id: string; name: string; last_outcome: string }>(
      "SELECT public_id AS id, name, last_outcome FROM repositories ORDER BY name",
    );
    assertEquals(rows.map(({ name, last_outcome }) => [name, last_outcome]), [
      ["corrupt", "failed"],
      ["locked", "scanned"],
      ["repo", "scanned"],
    ]);
    for (const path of ["/repositories", `/repositories/${rows[0].id}`]) {
      const { status, text } = await open(path);
      assertEquals(status, 200);
      assertStringIncludes(text, `${sandbox.folder}/corrupt`);
      assert(/recognise|git cannot read/.test(text), path);
    }
  });

  it("has pages of its commit, its files, and each file that is linked", async () => {
    const commit = await open(`/commits/${hash}`);
    assertEquals(commit.status, 200);
    assert(!commit.text.includes("<script>alert"));
    const diff = JSON.parse((await open(`/api/commits/${hash}/diff`)).text);
    assertEquals(diff.files.length, BYTES.length);
    const { id } = db.get<{ id: string }>(
      "SELECT public_id AS id FROM repositories WHERE name = 'repo'",
    )!;
    const files = await open(`/repositories/${id}/files`);
    assertEquals(files.status, 200);
    const links = [...files.text.matchAll(/href="(\/repositories\/[^/]+\/blame\?[^"]+)"/g)]
      .map(([, href]) => href.replaceAll("&amp;", "&"));
    assert(links.length >= BYTES.filter((byte) => byte < 128).length, `${links.length} links`);
    for (const link of links.filter((_, i) => i % 6 === 0)) {
      assertEquals((await open(link)).status, 200, link);
    }
  });
});
