import { assert, assertEquals, assertMatch } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { join } from "node:path";
import { eraseFiles } from "../../lib/store/erase.ts";
import { startServer } from "../support/server.ts";
import { makePlace, makeSyncedPlace, runCli } from "./run_cli.ts";

/** Every path below a folder, with what a file holds or a link leads to. */
function contents(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory, isSymlink }) => {
    const path = join(folder, name);
    if (isSymlink) return [`${path} -> ${Deno.readLinkSync(path)}`];
    return isDirectory ? [path, ...contents(path)] : [`${path}: ${Deno.readTextFileSync(path)}`];
  }).sort();
}

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

describe("ascribe erase", () => {
  it("removes all that was stored and no transcript, and a sync brings it back", async () => {
    await using place = await makeSyncedPlace();
    const { stdout: before } = await runCli(["links", "--json"], place.env);
    assert(namesIn(place.dataDir).includes("ascribe-backups"));
    Deno.writeTextFileSync(
      join(place.dataDir, "ascribe-damaged-2026-03-01T12-00-00-000Z.db"),
      "damaged",
    );
    Deno.mkdirSync(join(place.dataDir, "ascribe-sample/data"), { recursive: true });
    const sources = contents(place.claudeDir);

    const asked = await runCli(["erase"], place.env);
    assertEquals(asked.code, 2);
    assertMatch(asked.stderr, /say so with --yes/);
    const { code, stdout } = await runCli(["erase", "--yes"], place.env);
    assertEquals(code, 0);
    assertMatch(stdout, /^Erased: \d+ files and folders\.\n$/);
    assertEquals(namesIn(place.folder), ["claude"]);
    assertEquals(contents(place.claudeDir), sources);

    assertEquals((await runCli(["sync"], place.env)).code, 0);
    assertEquals((await runCli(["links", "--json"], place.env)).stdout, before);
  });

  it("has nothing to do where nothing was stored", async () => {
    await using place = await makePlace();
    const { code, stdout } = await runCli(["erase", "--yes"], place.env);
    assertEquals([code, stdout], [0, "There is nothing to erase.\n"]);
  });

  it("leaves what is not Ascribe's, and follows no link", async () => {
    await using place = await makePlace();
    const elsewhere = join(place.folder, "elsewhere");
    Deno.mkdirSync(join(elsewhere, "tree"), { recursive: true });
    Deno.writeTextFileSync(join(elsewhere, "other.db"), "theirs");
    Deno.writeTextFileSync(join(elsewhere, "tree/file"), "theirs");
    const kept = contents(elsewhere);
    Deno.mkdirSync(join(place.dataDir, "ascribe-backups"), { recursive: true });
    Deno.symlinkSync(join(elsewhere, "other.db"), join(place.dataDir, "ascribe.db"));
    Deno.symlinkSync(join(elsewhere, "tree"), join(place.dataDir, "ascribe-sample"));
    const files = ["notes.txt", "ascribe.db.old", "ascribe-damaged-mine.txt"];
    for (const name of [...files, "ascribe.db-wal", "ascribe-backups/mine.db"]) {
      Deno.writeTextFileSync(join(place.dataDir, name), "mine");
    }
    const { removed, left } = eraseFiles(place.dataDir);
    assertEquals(removed, [join(place.dataDir, "ascribe.db-wal")]);
    assertEquals(left.map(({ path }) => path.slice(place.dataDir.length + 1)), [
      "ascribe-backups",
      "ascribe-sample",
      "ascribe.db",
    ]);
    assertEquals(
      namesIn(place.dataDir),
      [...files, "ascribe-backups", "ascribe-sample", "ascribe.db"].sort(),
    );
    assertEquals(contents(elsewhere), kept);
    Deno.removeSync(join(place.dataDir, "ascribe-sample"));
    Deno.symlinkSync(elsewhere, join(place.dataDir, "x"));
    const said = await runCli(["erase", "--yes"], place.env);
    assertEquals(said.code, 1);
    assertMatch(said.stderr, /ascribe\.db was left: it is a link, so it was not followed\./);
  });
});

describe("a server beside the command line", () => {
  const same = (url: string) => ({ origin: url, "content-type": "application/json" });

  it("keeps and takes back aliases that the command line gives", async () => {
    await using place = await makeSyncedPlace();
    await using server = await startServer(place);
    const listed = async () =>
      (await (await fetch(`${server.url}/api/repositories/aliases`)).json()).aliases;
    const kept = await runCli(
      ["repositories", "alias", "/was/here", place.folder, "--json"],
      place.env,
    );
    assertEquals(kept.code, 0, kept.stderr);
    assertEquals(JSON.parse(kept.stdout), { oldPath: "/was/here", newPath: place.folder });
    assertEquals(await listed(), [{ oldPath: "/was/here", newPath: place.folder }]);
    const wrong = await fetch(`${server.url}/api/repositories/aliases`, {
      method: "PUT",
      headers: same(server.url),
      body: JSON.stringify({ oldPath: "here", newPath: "/" }),
    });
    assertEquals([wrong.status, (await wrong.json()).error], [400, "badRequest"]);
    assertEquals((await runCli(["repositories", "alias", "/was/here"], place.env)).code, 0);
    assertEquals(await listed(), []);
    const again = await runCli(["repositories", "alias", "/was/here"], place.env);
    assertEquals([again.code, again.stderr], [1, "ascribe: There is no alias for /was/here.\n"]);
  });

  it("is not erased from under, and erases itself when its page is asked", async () => {
    await using place = await makeSyncedPlace();
    await using server = await startServer(place);
    const refused = await runCli(["erase", "--yes"], place.env);
    assertEquals(refused.code, 1);
    assertMatch(refused.stderr, new RegExp(`Stop it first, or erase at ${server.url}/settings`));
    const status = async () => await (await fetch(`${server.url}/api/status`)).json();
    assert((await status()).sessionsIndexed > 0);

    const form = (word: string) =>
      fetch(`${server.url}/settings`, {
        method: "POST",
        headers: { origin: server.url },
        body: new URLSearchParams({ setting: "erase", word }),
      });
    const mistyped = await form("no");
    assertEquals(mistyped.status, 400);
    assertMatch(await mistyped.text(), /Nothing was erased/);
    assert((await status()).sessionsIndexed > 0);
    assertEquals((await form("erase")).status, 200);
    const { sessionsIndexed, commitsFound, linksCreated, gitSyncIntervalSecs } = await status();
    assertEquals([sessionsIndexed, commitsFound, linksCreated, gitSyncIntervalSecs], [0, 0, 0, 0]);
    assertEquals(
      namesIn(place.dataDir).filter((name) => !/^ascribe\.(db(-wal|-shm)?|lock)$/.test(name)),
      [],
    );
    const words = Deno.readTextFileSync(join(place.dataDir, "ascribe.db")) +
      Deno.readTextFileSync(join(place.dataDir, "ascribe.db-wal"));
    assert(!/tidemark|ferry/.test(words), "nothing of what was stored is left in the files");

    const synced = await runCli(["sync", "--json"], place.env);
    assertEquals(JSON.parse(synced.stdout).outcome, "completed");
    assert((await status()).linksCreated > 0);
    const gone = await fetch(`${server.url}/api/data`, {
      method: "DELETE",
      headers: { origin: server.url },
    });
    assertMatch((await gone.json()).message, /Background syncs are off/);
    assertEquals((await status()).sessionsIndexed, 0);
  });
});
