import { escapeControl } from "../text/control_characters.ts";
import { errorMessage } from "../text/errors.ts";

/**
 * Where a command writes: results to standard output, everything else to standard error. Each call is one line, whose
 * text steers no terminal.
 */
export interface Output {
  /** Writes a line of the result. */
  print(line: string): void;
  /** Writes a line for the user, to standard error. */
  log(line: string): void;
  /** Shows how far something is, until the next line replaces it. */
  progress(step: Step): void;
  /** Writes a line of the result made of pieces, some of them in a style or with a link. Tabs stay as they are. */
  paint(pieces: readonly Piece[]): void;
  /** Whether a person sees standard output. */
  readonly terminal: boolean;
  /** How many columns standard output has; null where it is no terminal. */
  readonly width: number | null;
  /** Whether styles are written. */
  color: boolean;
}

/** The styles that git gives the same things. */
export type Style = "hash" | "head" | "added" | "removed" | "hunk" | "faint" | "session";

/** A piece of a line: plain text, or text with a style and the address of a page about it. */
export type Piece = string | { text: string; style?: Style; href?: string };

const STYLES: Readonly<Record<Style, string>> = {
  hash: "33",
  head: "1",
  added: "32",
  removed: "31",
  hunk: "36",
  faint: "2",
  session: "35",
};

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
 * @param options.color Whether styles are written. @default Where standard output is a terminal.
 */
export function createOutput(
  options: {
    stdout: Terminal;
    stderr: Terminal;
    columns?: () => number;
    color?: boolean;
    now?: () => number;
  },
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

  const terminal = stdout.isTerminal();
  return {
    terminal,
    get width() {
      return terminal ? columns() : null;
    },
    color: options.color ?? terminal,
    paint(pieces) {
      clear();
      write(stdout, pieces.map((piece) => painted(piece, this.color)).join("") + "\n");
    },
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

function painted(piece: Piece, color: boolean): string {
  const { text, style, href } = typeof piece === "string" ? { text: piece } as const : {
    text: piece.text,
    style: piece.style,
    href: piece.href,
  };
  const plain = text.split("\t").map(escapeControl).join("\t");
  if (!color || plain === "") return plain;
  const styled = style === undefined ? plain : `\x1b[${STYLES[style]}m${plain}\x1b[m`;
  if (href === undefined) return styled;
  return `\x1b]8;;${escapeControl(encodeURI(href))}\x1b\\${styled}\x1b]8;;\x1b\\`;
}

function bar({ share }: Step): string {
  if (share === null) return "";
  const full = Math.round(share * BAR_CELLS);
  return `${"█".repeat(full)}${"░".repeat(BAR_CELLS - full)} `;
}

/** Writes for the user: if standard error is closed, the work goes on. */
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
