import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { h } from "preact";
import { renderToString } from "preact-render-to-string";
import { DiffHunks } from "../../components/CommitDiff.tsx";
import type { SessionId } from "../../lib/domain/ids.ts";
import type { DiffChunk } from "../../lib/queries/diff.ts";
import type { DiffFile, Writer } from "../../lib/queries/schemas.ts";

const WRITER: Writer = {
  session: { sessionId: "s" as SessionId, title: "Harden the parser", agent: "codex" },
  prompt: null,
};

function fileOf(chunks: [kind: DiffChunk["kind"], text: string][]): DiffFile {
  return {
    path: "a.ts",
    spelledPath: "a.ts",
    oldPath: null,
    status: "modified",
    oldMode: null,
    newMode: null,
    binary: false,
    added: 1,
    removed: 0,
    cut: false,
    shown: chunks.length,
    written: chunks.filter(([kind]) => kind === "written").length,
    hunks: [{
      oldStart: 1,
      newStart: 1,
      heading: "",
      chunks: chunks.map(([kind, text], i): DiffChunk => ({
        kind,
        writer: kind === "written" ? WRITER : null,
        lines: [{
          kind: kind === "written" ? "added" : kind,
          oldLine: null,
          newLine: i + 1,
          code: [text],
        }],
      })),
    }],
  };
}

function notesOf(file: DiffFile): string[] {
  const html = renderToString(h(DiffHunks, { file }));
  return [...html.matchAll(/class="chunk-who">(.*?)<div class="chunk-lines">/gs)]
    .map(([, note]) => note.replaceAll(/<[^>]*>/g, "").trim());
}

describe("the added lines of a diff", () => {
  it("say whose they are, or that no session is known, where a line can tell", () => {
    const file = fileOf([
      ["context", "const context = 1;"],
      ["written", "const written = parse(harder);"],
      ["added", "const byHand = parse(softer);"],
      ["added", "}"],
      ["removed", "const removed = parse(nothing);"],
    ]);
    assertEquals(notesOf(file), ["", "CxCodex: Harden the parser", "no session", "", ""]);
  });

  it("are not marked one by one where no session wrote any", () => {
    assertEquals(notesOf(fileOf([["added", "const byHand = parse(softer);"]])), [""]);
  });
});
