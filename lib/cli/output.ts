import { escapeControl } from "../text/control_characters.ts";
import { errorMessage } from "../text/errors.ts";

/**
 * Where a command writes: results to standard output, everything else to standard error. Each call is one line, whose
 * text steers no terminal.
 */
export interface Output {
  /** Writes a line of the result. */
  print(line: string): void;
  /** Writes a line for whoever watches. */
  log(line: string): void;
  /** Shows how far something is, until the next line replaces it. */
  progress(step: Step): void;
  /** Whether a person sees standard output. */
  readonly terminal: boolean;
}

/** How far something is: a line of text, and a share from 0 to 1 where one is known. */
export interface Step {
  text: string;
  share: number | null;
}

/** Standard output was closed: `ascribe links | head` has seen enough. */
export class OutputClosed extends Error {}

const BAR_CELLS = 24;
const REDRAW_MS = 80;
const PLAIN_MS = 2_000;

/** What an output writes to, as far as `Deno.stdout` and `Deno.stderr` give it. */
export interface Terminal {
  writeSync(bytes: Uint8Array): number;
  isTerminal(): boolean;
}

/**
 * Makes an output. On a terminal progress is one line that is drawn again; otherwise it is plain lines, one for each
 * new kind of step and then one every two seconds at most.
 *
 * @param options.columns How wide the terminal is. @default {80}
 */
export function createOutput(
  options: { stdout: Terminal; stderr: Terminal; columns?: () => number; now?: () => number },
): Output {
  const { stdout, stderr, columns = () => 80, now = Date.now } = options;
  const live = stderr.isTerminal();
  let latest = "";
  let drawn = false;
  let kind = "";
  let drawnAt = -Infinity;

  function clear(): void {
    latest = "";
    if (!drawn) return;
    tell(stderr, "\r\x1b[K");
    drawn = false;
  }

  return {
    terminal: stdout.isTerminal(),
    print(line) {
      clear();
      write(stdout, escapeControl(line) + "\n");
    },
    log(line) {
      clear();
      kind = "";
      tell(stderr, escapeControl(line) + "\n");
    },
    progress(step) {
      const newKind = step.text.split(" ")[0];
      const last = step.share === 1;
      const wait = live ? REDRAW_MS : PLAIN_MS;
      if (newKind === kind && !last && now() - drawnAt < wait) return;
      kind = newKind;
      drawnAt = now();
      const line = (live ? bar(step) : "") + escapeControl(step.text);
      if (line === latest) return;
      latest = line;
      tell(stderr, live ? `\r\x1b[K${line.slice(0, columns() - 1)}` : line + "\n");
      drawn = live;
    },
  };
}

function bar({ share }: Step): string {
  if (share === null) return "";
  const full = Math.round(share * BAR_CELLS);
  return `${"█".repeat(full)}${"░".repeat(BAR_CELLS - full)} `;
}

/** Writes for whoever watches: once nobody does, the work goes on all the same. */
function tell(to: Terminal, text: string): void {
  try {
    write(to, text);
  } catch {
    // The terminal was closed, or the pipe's reader has gone.
  }
}

function write(to: Terminal, text: string): void {
  const bytes = new TextEncoder().encode(text);
  try {
    for (let sent = 0; sent < bytes.length;) sent += to.writeSync(bytes.subarray(sent));
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) throw new OutputClosed();
    const reason = errorMessage(error);
    throw new Error(`Cannot write to standard output: ${reason}`, { cause: error });
  }
}
