import { assertEquals } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { createGitReading } from "../../lib/git/read/reading.ts";
import type { CommitHash } from "../../lib/domain/ids.ts";
import { Sandbox } from "./sandbox.ts";

describe("a commit's message", () => {
  let sandbox: Sandbox;

  beforeEach(async () => {
    sandbox = await Sandbox.create();
    await sandbox.init("repo");
  });

  afterEach(() => sandbox[Symbol.asyncDispose]());

  async function messageOf(text: string | Uint8Array) {
    await Deno.writeFile(
      sandbox.path("message"),
      typeof text === "string" ? new TextEncoder().encode(text) : text,
    );
    const args = ["commit", "-q", "--allow-empty", "-F", sandbox.path("message")];
    await sandbox.git("repo", ...args);
    const hash = (await sandbox.git("repo", "rev-parse", "HEAD")).trim() as CommitHash;
    const repository = { path: sandbox.path("repo"), commonDir: sandbox.path("repo/.git") };
    const reading = createGitReading(sandbox.runner());
    const answer = await reading.ask({ ask: "message", repository, hash });
    if (answer.kind !== "ok") throw new Error(answer.message);
    return answer.value;
  }

  it("is read in its lines, below the subject, with its trailers", async () => {
    const body = "Because:\n\n  - one\n    two\n\nTested-by: Ada <ada@example.com>";
    assertEquals(await messageOf(`Change it\n\n${body}\n`), { body, cut: false });
    assertEquals(await messageOf("Only a subject\n"), { body: "", cut: false });
  });

  it("is read in the encoding that it was written in", async () => {
    await sandbox.git("repo", "config", "i18n.commitEncoding", "ISO-8859-1");
    const latin = Uint8Array.from([...new TextEncoder().encode("Fix\n\ncaf"), 0xe9]);
    assertEquals((await messageOf(latin)).body, "café");
  });

  it("ends where it is too long, and nothing but the message is read", async () => {
    await sandbox.git("repo", "config", "log.showSignature", "true");
    await sandbox.git("repo", "config", "format.notes", "*");
    const { body, cut } = await messageOf(`Long\n\n${"word ".repeat(10_000)}`);
    assertEquals([body, cut], ["word ".repeat(4_000), true]);
  });
});
