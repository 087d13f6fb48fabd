import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { fileURLToPath } from "node:url";
import type { Evidence } from "../../../lib/domain/links.ts";
import { type Database, openDatabase } from "../../../lib/store/database.ts";
import { Sandbox } from "../../git/sandbox.ts";
import { syncInto } from "../../links/support/sync_into.ts";
import { claudeCode } from "../../support/agents.ts";

/*
 * Sessions that Claude Code 2.1.332 recorded, beside repositories as they had them: what it came to is known.
 */

const SAMPLES = fileURLToPath(
  new URL("../../fixtures/agents/claude-code/projects", import.meta.url),
);
const ID = "00000000-0000-4000-8000-000000000";

/** A repository and the sessions that worked in it. */
class Workplace implements AsyncDisposable {
  readonly #sandbox: Sandbox;
  readonly #db: Database = openDatabase(":memory:");

  private constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  static async create(): Promise<Workplace> {
    const place = new Workplace(await Sandbox.create());
    await place.#sandbox.init("app");
    await place.commit("12:00", "Start by hand", { "a.txt": "line one\nline two\nline three\n" });
    return place;
  }

  /** Commits by hand, at a time of 2026-12-01. */
  async commit(time: string, subject: string, files: Record<string, string>): Promise<string> {
    const at = Date.parse(`2026-12-01T${time.length === 5 ? `${time}:00` : time}Z`);
    return await this.#sandbox.commit("app", subject, { at, files });
  }

  /** Puts a sample in place: where it speaks of the folder that it was recorded in, it means the repository. */
  place(project: string, name: string, replaced: Record<string, string> = {}): void {
    const folder = `/${project.slice(1).replaceAll("-", "/")}`;
    let text = Deno.readTextFileSync(`${SAMPLES}/${project}/${name}`)
      .replaceAll(folder, this.#sandbox.path("app"));
    for (const [from, to] of Object.entries(replaced)) text = text.replaceAll(from, to);
    const path = this.#sandbox.path(`claude/projects/app/${name}`);
    Deno.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    Deno.writeTextFileSync(path, text);
  }

  async sync(): Promise<void> {
    await syncInto(this.#db, {
      runGit: this.#sandbox.runner(),
      agents: claudeCode(this.#sandbox.path("claude")),
      now: () => Date.parse("2026-12-02T12:00:00Z"),
    });
  }

  /** Which sessions the commit with a subject is linked with, and on what evidence. */
  links(subject: string): { session: string; tier: number; evidence: Evidence[] }[] {
    return this.#db.all<{ session: string; tier: number; evidence: string }>(
      `SELECT s.session_id AS session, l.tier, l.evidence FROM session_commits l
       JOIN sessions s ON s.id = l.session_id JOIN commits c ON c.id = l.commit_id
       WHERE c.subject = ? ORDER BY s.session_id`,
      subject,
    ).map(({ evidence, ...link }) => ({ ...link, evidence: JSON.parse(evidence) }));
  }

  sessionsOf(subject: string): string[] {
    return this.links(subject).map(({ session }) => session);
  }

  rulesOf(subject: string): string[] {
    return this.links(subject).flatMap(({ evidence }) => evidence.map(({ rule }) => rule));
  }

  /** What came of the files that sessions wrote. */
  files(): Record<string, unknown>[] {
    return this.#db.all<Record<string, unknown>>(
      `SELECT substr(s.session_id, -3) AS session, path, written, landed, unlanded FROM written_files f
       JOIN sessions s ON s.id = f.session_id ORDER BY path, s.session_id`,
    ).map((row) => ({ ...row }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#db[Symbol.dispose]();
    await this.#sandbox[Symbol.asyncDispose]();
  }
}

describe("sessions of 2.1.332 beside their repository", () => {
  it("wrote what their commands did to the work tree", async () => {
    await using place = await Workplace.create();
    await place.commit("16:30", "By hand later", {
      "a.txt":
        "line one\nharbour pilots sign the tide ledger\nlighthouse roster reads from the almanac\n",
      "quay.txt": "the ferry leaves at the seventh bell\nthe quay opens at the sixth bell\n",
    });
    place.place("-home-dev-w3-bashhand", `${ID}501.jsonl`);
    await place.sync();
    assert(place.rulesOf("By hand later").includes("content"));
    assertEquals(place.files(), [
      { session: "501", path: "a.txt", written: 2, landed: 2, unlanded: 0 },
      { session: "501", path: "quay.txt", written: 2, landed: 2, unlanded: 0 },
    ]);
  });

  it("did not write what a merge brought", async () => {
    await using place = await Workplace.create();
    await place.commit("16:30", "Theirs, once more", {
      "theirs.txt": "another author wrote this long line\nand another author wrote that one\n",
    });
    place.place("-home-dev-w3-mergehand", `${ID}505.jsonl`);
    await place.sync();
    assertEquals(place.sessionsOf("Theirs, once more"), []);
    assertEquals(place.files().map(({ path, written }) => [path, written]), [["own.txt", 1]]);
  });

  it("did not write what another session wrote while a command of theirs ran", async () => {
    await using place = await Workplace.create();
    await place.commit("13:04:18", "Cross one", { "cross1.txt": "cross one\n" });
    await place.commit("13:04:19", "Cross two", { "cross2.txt": "cross two\n" });
    place.place("-home-dev-w2-cross", `${ID}301.jsonl`);
    place.place("-home-dev-w2-cross", `${ID}302.jsonl`);
    await place.sync();
    assertEquals(place.sessionsOf("Cross one"), [`${ID}301`]);
    assertEquals(place.sessionsOf("Cross two"), [`${ID}302`]);
    assertEquals(place.files().map(({ session, path }) => [session, path]), [
      ["301", "cross1.txt"],
      ["302", "cross2.txt"],
      ["302", "left2.txt"],
    ]);
  });

  it("ran nothing of what a hook or a rule refused", async () => {
    await using place = await Workplace.create();
    await place.commit("13:20", "Hook denied commit", { "b.txt": "b\n" });
    await place.commit("13:21", "Denied commit", { "c.txt": "c\n" });
    place.place("-home-dev-w1-hook", `${ID}103.jsonl`);
    place.place("-home-dev-w1-denied", `${ID}102.jsonl`);
    await place.sync();
    assertEquals(place.sessionsOf("Hook denied commit"), []);
    assertEquals(place.sessionsOf("Denied commit"), []);
  });

  it("ran what was interrupted", async () => {
    await using place = await Workplace.create();
    await place.commit("13:34:05", "Interrupted after committing", { "tide.txt": "tide\n" });
    place.place("-home-dev-w8-intr", `${ID}805.jsonl`);
    await place.sync();
    const [{ session, evidence }] = place.links("Interrupted after committing");
    assertEquals(session, `${ID}805`);
    const [command] = evidence.filter(({ rule }) => rule === "commit_command");
    assertEquals([command.failed, command.ended], [false, "interrupted"]);
  });

  it("own what a fork without a word of it copied", async () => {
    await using place = await Workplace.create();
    const [first, second, third] = [
      await place.commit("13:04:40", "By the original", {
        "r1.txt": "the original wrote this line\n",
      }),
      await place.commit("13:04:50", "By the fork", { "r2.txt": "the fork wrote this line\n" }),
      await place.commit("13:05:02", "By the original again", {
        "r3.txt": "the original wrote another line\n",
      }),
    ].map((hash) => hash.slice(0, 7));
    for (const name of [`${ID}401.jsonl`, `${ID}402.jsonl`]) {
      const replaced = { 8204237: first, "2a8882b": second, "88e8710": third };
      place.place("-home-dev-w2-fk", name, replaced);
    }
    await place.sync();
    assertEquals(place.sessionsOf("By the original"), [`${ID}401`]);
    assertEquals(place.sessionsOf("By the fork"), [`${ID}402`]);
    assertEquals(place.sessionsOf("By the original again"), [`${ID}401`]);
    assertEquals(place.files().map(({ session, path }) => [session, path]), [
      ["401", "r1.txt"],
      ["402", "r2.txt"],
      ["401", "r3.txt"],
    ]);
  });

  it("own what the Agent SDK copied under other ids", async () => {
    await using place = await Workplace.create();
    const hash = await place.commit("13:09:08", "Commit of an SDK run", {
      "s.txt": "written by the agent sdk\n",
    });
    const original = "19311542-091c-4fef-9b02-6a04c3ac15ad";
    const fork = "c0076c91-6290-43f1-8ea9-d08d32dfa99e";
    for (const session of [original, fork]) {
      place.place("-home-dev-w3-sdk", `${session}.jsonl`, { "581660d": hash.slice(0, 7) });
    }
    await place.sync();
    assertEquals(place.sessionsOf("Commit of an SDK run"), [original]);
    assertEquals(place.files().filter(({ path }) => path === "s.txt"), [
      { session: original.slice(-3), path: "s.txt", written: 1, landed: 1, unlanded: 0 },
    ]);
  });

  it("wrote a notebook's cell, though it is spelled as one string", async () => {
    await using place = await Workplace.create();
    const sample = `${SAMPLES}/-home-dev-w3-nbhand/${ID}504.jsonl`;
    const notebook = Deno.readTextFileSync(sample).split("\n").filter(Boolean)
      .map((line) => JSON.parse(line).toolUseResult?.updated_file).find(Boolean);
    await place.commit("16:30", "By hand later", { "n.ipynb": notebook });
    place.place("-home-dev-w3-nbhand", `${ID}504.jsonl`);
    await place.sync();
    assert(place.rulesOf("By hand later").includes("content"));
    const [{ landed, unlanded }] = place.files();
    assertEquals([landed, unlanded], [1, 0]);
  });

  it("wrote a notebook's cell, though another program spells it as a list of lines", async () => {
    await using place = await Workplace.create();
    const listed = ["harbour_depth = 14\\n", "print('harbour depth', harbour_depth)"];
    const source = listed.map((line) => `    "${line}"`).join(",\n");
    await place.commit("16:30", "Saved by hand later", {
      "n.ipynb": `{\n "cells": [\n  {\n   "source": [\n${source}\n   ]\n  }\n ]\n}\n`,
    });
    place.place("-home-dev-w3-nbhand", `${ID}504.jsonl`);
    await place.sync();
    assert(place.rulesOf("Saved by hand later").includes("content"));
    const [{ landed, unlanded }] = place.files();
    assertEquals([landed, unlanded], [2, 0]);
  });

  it("wrote the lines that a subagent edited in part", async () => {
    await using place = await Workplace.create();
    await place.commit("16:30", "By hand later", {
      "a.txt": "line one\nline two of the harbour pilots\nline three lighthouse keepers\n",
    });
    place.place("-home-dev-w3-subhand", `${ID}503.jsonl`);
    place.place("-home-dev-w3-subhand", `${ID}503/subagents/agent-a7194d7bc37956e11.jsonl`);
    await place.sync();
    assert(place.rulesOf("By hand later").includes("content"));
    assertEquals(place.files(), [
      { session: "503", path: "a.txt", written: 2, landed: 2, unlanded: 0 },
    ]);
  });
});
