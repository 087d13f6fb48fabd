import { assertEquals } from "@std/assert";
import { afterEach, beforeEach, describe, it } from "@std/testing/bdd";
import { join } from "node:path";
import { claudeCodeReader } from "../../../lib/sessions/claude_code/reader.ts";
import { identifyFile, openTranscript } from "../../../lib/sessions/claude_code/transcript.ts";
import { TestFolder } from "./reading.ts";

describe("discovering transcripts", () => {
  let folder: TestFolder;
  beforeEach(() => {
    folder = new TestFolder();
  });
  afterEach(() => folder[Symbol.dispose]());

  function found(...dirs: string[]) {
    const { sources, problems } = claudeCodeReader.discover(
      (dirs.length > 0 ? dirs : [""]).map((dir) => join(folder.path, dir)),
    );
    const relative = (path: string) => path.slice(folder.path.length + 1).replaceAll("\\", "/");
    return {
      files: sources.map(({ path }) => relative(path)),
      problems: problems.map(({ path, message }) => `${relative(path)}: ${message.split(": ")[1]}`),
    };
  }

  it("finds sessions and all places where subagents' files have been kept", () => {
    const names = [
      "projects/-home-me-app/0b0ba5e5.jsonl",
      "projects/-home-me-app/0b0ba5e5/subagents/agent-a1.jsonl",
      "projects/-home-me-app/0b0ba5e5/subagents/workflows/wf_1/agent-b2.jsonl",
      "projects/-home-me-app/agent-c3.jsonl",
    ];
    for (const name of names) folder.write(name, "");
    folder.write("projects/-home-me-app/sessions-index.json", "{}");
    folder.write("projects/-home-me-app/0b0ba5e5/tool-results/t.txt", "");
    folder.write("history.jsonl", "");
    assertEquals(found(), { files: names.sort(), problems: [] });
  });

  it("looks into every configured folder, and misses none that is not there", () => {
    folder.write("one/projects/a/1.jsonl", "");
    folder.write("two/projects/a/2.jsonl", "");
    assertEquals(found("one", "two", "three").files, [
      "one/projects/a/1.jsonl",
      "two/projects/a/2.jsonl",
    ]);
  });

  it("survives links that go in a circle or nowhere, and counts a linked file once", () => {
    folder.write("projects/a/1.jsonl", "x");
    Deno.symlinkSync(join(folder.path, "projects"), join(folder.path, "projects/a/loop"));
    Deno.symlinkSync(join(folder.path, "nowhere"), join(folder.path, "projects/a/2.jsonl"));
    Deno.symlinkSync(
      join(folder.path, "projects/a/1.jsonl"),
      join(folder.path, "projects/b.jsonl"),
    );
    Deno.symlinkSync(join(folder.path, "self"), join(folder.path, "self"));
    Deno.symlinkSync(join(folder.path, "self"), join(folder.path, "projects/a/3.jsonl"));
    assertEquals(found(), {
      files: ["projects/a/1.jsonl"],
      problems: [
        "projects/a/2.jsonl: it is gone, or a link that leads nowhere",
        "projects/a/3.jsonl: its links go in a circle",
      ],
    });
  });

  it("follows a link to a folder elsewhere", () => {
    folder.write("elsewhere/1.jsonl", "");
    Deno.mkdirSync(join(folder.path, "projects"));
    Deno.symlinkSync(join(folder.path, "elsewhere"), join(folder.path, "projects/a"));
    assertEquals(found().files, ["projects/a/1.jsonl"]);
  });

  it("reports a pipe, and never waits for one", async () => {
    Deno.mkdirSync(join(folder.path, "projects/a"), { recursive: true });
    const pipe = join(folder.path, "projects/a/pipe.jsonl");
    const { success } = await new Deno.Command("mkfifo", { args: [pipe] }).output();
    if (!success) return;
    assertEquals(found(), { files: [], problems: ["projects/a/pipe.jsonl: it is not a file"] });
    let message = "";
    try {
      openTranscript(pipe)[Symbol.dispose]();
    } catch (error) {
      message = (error as Error).message;
    }
    assertEquals(message, "it is not a file");
  });

  it("looks into a folder that is named like a transcript", () => {
    folder.write("projects/a/odd.jsonl/inner.jsonl", "");
    assertEquals(found(), { files: ["projects/a/odd.jsonl/inner.jsonl"], problems: [] });
  });

  it("reports a folder that it may not read", () => {
    folder.write("projects/a/1.jsonl", "");
    folder.write("projects/b/2.jsonl", "");
    const closed = join(folder.path, "projects/a");
    Deno.chmodSync(closed, 0o000);
    const readable = canRead(closed);
    const { files, problems } = found();
    Deno.chmodSync(closed, 0o700);
    if (readable) return;
    assertEquals(files, ["projects/b/2.jsonl"]);
    assertEquals(problems, ["projects/a: permission denied"]);
  });
});

describe("a transcript's path", () => {
  it("tells whose it is", () => {
    const whose = (path: string) => Object.values(identifyFile(path));
    assertEquals(whose("/p/a/0b0ba5e5.jsonl"), ["0b0ba5e5", null]);
    assertEquals(whose("/p/a/0b0ba5e5/subagents/agent-a1.jsonl"), ["0b0ba5e5", "a1"]);
    assertEquals(whose("/p/a/0b0ba5e5/subagents/workflows/w/agent-b2.jsonl"), ["0b0ba5e5", "b2"]);
    assertEquals(whose("C:\\p\\a\\agent-c3.jsonl"), [null, "c3"]);
  });
});

/** Root may read whatever it likes. */
function canRead(folder: string): boolean {
  try {
    Deno.readDirSync(folder).next();
    return true;
  } catch {
    return false;
  }
}
