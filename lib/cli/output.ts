import { visible } from "../text/control_characters.ts";

/**
 * Where a command writes: results to standard output, everything else to standard error. Each call is one line, whose
 * text steers no terminal.
 */
export interface Screen {
  /** Writes a line of the result. */
  out(line: string): void;
  /** Writes a line for whoever watches. */
  note(line: string): void;
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

/** What a screen is made of, as far as `Deno.stdout` and `Deno.stderr` give it. */
export interface Terminal {
  writeSync(bytes: Uint8Array): number;
  isTerminal(): boolean;
}

/**
 * Makes a screen. On a terminal progress is one line that is drawn again; otherwise it is plain lines, one for each
 * new kind of step and then one every two seconds at most.
 *
 * @param options.columns How wide the terminal is. @default {80}
 */
export function createScreen(
  options: { stdout: Terminal; stderr: Terminal; columns?: () => number; now?: () => number },
): Screen {
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
    out(line) {
      clear();
      write(stdout, visible(line) + "\n");
    },
    note(line) {
      clear();
      kind = "";
      tell(stderr, visible(line) + "\n");
    },
    progress(step) {
      const newKind = step.text.split(" ")[0];
      const last = step.share === 1;
      const wait = live ? REDRAW_MS : PLAIN_MS;
      if (newKind === kind && !last && now() - drawnAt < wait) return;
      kind = newKind;
      drawnAt = now();
      const line = (live ? bar(step) : "") + visible(step.text);
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
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot write to standard output: ${reason}`, { cause: error });
  }
}
