import { claudeCode } from "../../support/agents.ts";
import { openDatabase } from "../../../lib/store/database.ts";
import { indexSources } from "../../../lib/sync/steps/index_sources.ts";
import { damagedTranscript } from "./fuzzer.ts";
import { readAll, TestFolder } from "./reading.ts";

/** What a run of the fuzzer saw. */
export interface FuzzReport {
  files: number;
  bytes: number;
  /** Lines that were skipped, by reason. */
  skipped: Record<string, number>;
  /** The longest that one file took, in milliseconds. */
  slowestMs: number;
  /** What should not have been, with the seed that shows it. */
  faults: string[];
}

/** How many files are indexed together. */
const BATCH = 100;
/** Longer than this is a hang, even on a busy machine. */
const HANG_MS = 5_000;

/** Reads and indexes damaged transcripts, and says what went wrong. */
export async function fuzzTranscripts(
  options: { seed: number; count: number },
): Promise<FuzzReport> {
  const report: FuzzReport = { files: 0, bytes: 0, skipped: {}, slowestMs: 0, faults: [] };
  for (let start = 0; start < options.count; start += BATCH) {
    const count = Math.min(BATCH, options.count - start);
    await fuzzBatch(report, { seed: options.seed + start, count });
  }
  return report;
}

async function fuzzBatch(
  report: FuzzReport,
  { seed, count }: { seed: number; count: number },
): Promise<void> {
  using folder = new TestFolder();
  let skippedLines = 0;
  for (let i = 0; i < count; i++) {
    const bytes = damagedTranscript(seed + i);
    const path = folder.write(`projects/fuzz/${seed + i}.jsonl`, bytes);
    const begun = performance.now();
    try {
      for (const [reason, lines] of Object.entries(readAll(path).skipped)) {
        report.skipped[reason] = (report.skipped[reason] ?? 0) + lines;
        skippedLines += lines;
      }
    } catch (error) {
      report.faults.push(`seed ${seed + i}: reading threw ${error}`);
    }
    report.slowestMs = Math.max(report.slowestMs, performance.now() - begun);
    report.files++;
    report.bytes += bytes.length;
  }
  if (report.slowestMs > HANG_MS) report.faults.push(`seeds from ${seed}: a file took too long`);
  using db = openDatabase(":memory:");
  const index = () =>
    indexSources({ db, agents: claudeCode(folder.path), now: () => 0 }, {
      onProgress: () => {},
    });
  try {
    const first = await index();
    if (first.skippedLines !== skippedLines) {
      report.faults.push(
        `seeds from ${seed}: ${skippedLines} lines skipped, ${first.skippedLines} shown`,
      );
    }
    const before = db.get<{ n: number }>("SELECT total_changes() AS n")!.n;
    await index();
    const changes = db.get<{ n: number }>("SELECT total_changes() AS n")!.n - before;
    if (changes !== 0) {
      report.faults.push(`seeds from ${seed}: a second run changed ${changes} rows`);
    }
    for (const query of MUST_BE_EMPTY) {
      const row = db.get(query);
      if (row !== undefined) report.faults.push(`seeds from ${seed}: ${JSON.stringify(row)}`);
    }
  } catch (error) {
    report.faults.push(`seeds from ${seed}: indexing threw ${error}`);
  }
}

/** What no transcript may bring about. */
const MUST_BE_EMPTY = [
  "SELECT session_id, stale FROM sessions WHERE stale = 1",
  "SELECT session_id, started_at, ended_at FROM sessions WHERE started_at > ended_at",
  "SELECT * FROM activities a JOIN activities b ON a.session_id = b.session_id AND a.started_at < b.started_at " +
  "AND a.ended_at >= b.started_at",
  "SELECT id, kind, data FROM session_events WHERE json_valid(data) = 0",
  "SELECT session_id, at, kind, message, data FROM session_events WHERE owned = 1 AND message <> 0 " +
  "AND kind IN ('edit', 'command', 'prompt') GROUP BY message, kind, data HAVING count(DISTINCT session_id) > 1",
];
