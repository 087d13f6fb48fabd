import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { IndexingPhase, indexingPhaseFrom, IndexingState } from "../../lib/sync/indexing_state.ts";

const COUNTS = {
  filesDone: 1,
  filesTotal: 2,
  bytesDone: 10_000_000_000,
  bytesTotal: 20_000_000_000,
  sessions: 3,
  skippedLines: 4,
};
const ZEROES = {
  filesDone: 0,
  filesTotal: 0,
  bytesDone: 0,
  bytesTotal: 0,
  sessions: 0,
  skippedLines: 0,
};

describe("IndexingState", () => {
  it("is idle with zeroes when new", () => {
    const snapshot = new IndexingState().snapshot();
    assertEquals(snapshot, { phase: IndexingPhase.Idle, runId: 0, ...ZEROES, error: null });
  });

  it("takes over progress, bytes beyond 4 GB included", () => {
    const state = new IndexingState();
    state.update({ phase: "indexing", ...COUNTS });
    const there = new IndexingState(state.buffer).snapshot();
    assertEquals(there, { phase: IndexingPhase.Indexing, runId: 0, ...COUNTS, error: null });
  });

  it("has its error where it failed, and loses it with the next run", () => {
    const state = new IndexingState();
    state.setError("no such folder");
    assertEquals([state.phase, state.error], [IndexingPhase.Failed, "no such folder"]);
    state.begin(7);
    const snapshot = state.snapshot();
    assertEquals(snapshot, { phase: IndexingPhase.Discovering, runId: 7, ...ZEROES, error: null });
  });

  it("knows its phases by their numbers, and no others", () => {
    assertEquals([0, 1, 2, 3, 4, 5, 255, -1].map(indexingPhaseFrom), [
      0,
      1,
      2,
      3,
      4,
      null,
      null,
      null,
    ]);
  });
});
