/** What the head of a line tells of its record. */
export type LineKind =
  /** Nothing that is kept. */
  | "useless"
  /** A call's question for permission. */
  | "question"
  /** What came of a call. */
  | "result"
  /** Anything else, or a line that the program would not have spelled so. */
  | "other";

const TYPE = '{"type":"';
const CALL = '","data":{"toolCallId":"';
const QUESTION =
  /","data":\{"requestId":"[^"\\]*","permissionRequest":\{"kind":"[\w-]+","toolCallId":"/y;

/** Types of records of which something is kept. */
const KEPT = new Set([
  "abort",
  "assistant.message",
  "permission.completed",
  "session.compaction_complete",
  "session.context_changed",
  "session.info",
  "session.model_change",
  "session.resume",
  "session.shutdown",
  "session.start",
  "session.title_changed",
  "session.usage_record",
  "skill.invoked",
  "system.notification",
  "tool.execution_start",
  "user.message",
]);
/** The longest name of a type. */
const MAX_TYPE = 60;
const BRACE = 125;

/**
 * Reads the heads of lines as the program spells them, so that those of no use need not be parsed: what it tells the
 * model, the files that it asks for permission to write, and what most tools gave.
 */
export class LineHeads {
  /** The id of the line's call, if it has one. */
  call = "";

  /** Tells what a line is that stands at [start, end) of a text. */
  read(line: string, start: number, end: number): LineKind {
    if (line.charCodeAt(end - 1) !== BRACE || !line.startsWith(TYPE, start)) return "other";
    const begin = start + TYPE.length;
    const quote = line.indexOf('"', begin);
    if (quote > begin + MAX_TYPE || !line.startsWith('","data":{', quote)) return "other";
    const type = line.slice(begin, quote);
    if (KEPT.has(type)) return "other";
    // A line may hold several records, if the writing of one was cut short.
    const next = line.indexOf(TYPE, begin);
    if (next >= 0 && next < end && line.startsWith('","data":{', line.indexOf('"', next + 9))) {
      return "other";
    }
    if (type === "tool.execution_complete") {
      return line.startsWith(CALL, quote) && this.#callAt(line, quote + CALL.length)
        ? "result"
        : "other";
    }
    if (type !== "permission.requested") return "useless";
    QUESTION.lastIndex = quote;
    return QUESTION.test(line) && this.#callAt(line, QUESTION.lastIndex) ? "question" : "other";
  }

  #callAt(line: string, at: number): boolean {
    this.call = line.slice(at, line.indexOf('"', at));
    return !this.call.includes("\\");
  }
}
