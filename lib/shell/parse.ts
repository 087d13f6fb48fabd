import { basename } from "../text/paths.ts";

/** A simple command of a shell line: a program with its words, quotes removed. */
export interface SimpleCommand {
  words: string[];
  /** What its heredocs and here-strings (`<<<`) hold, in order. */
  heredocs: Heredoc[];
  /** The files that its standard output goes to. */
  outputs: string[];
  /** Whether it reads what the command before it prints. */
  piped: boolean;
  /** How many subshells it stands in: `cd` in one of them ends with it. */
  depth: number;
  /** The number of the innermost subshell; 0 outside any. */
  subshell: number;
}

/** The text of a heredoc. */
export interface Heredoc {
  text: string;
  /** Whether its end was there; a command that was cut short lacks it. */
  closed: boolean;
}

/** Stands for what only running the command could tell: a substitution's output. */
export const UNKNOWN = "\uFFFC";

/** Commands past this many in one line are not looked at. */
const MAX_COMMANDS = 500;
/** How deep substitutions may nest. */
const MAX_NESTING = 8;

/** Characters that mean nothing to a shell, in a row. */
const PLAIN = /[\w/.,:=+%~^*?![\]{}-]+/y;
const PLAIN_IN_QUOTES = /[^"\\`$]+/y;
/** `((…))`, which compares and counts: no subshell, and `>` in it is no redirection. */
const ARITHMETIC = /^\$?\(\([^\n;]*?\)\)/;
const FOR_LOOP = /^\(\([^\n]*?\)\)/;
/** The start of a word in which a backslash parts folders, since a shell would make nonsense of it. */
const WINDOWS_PATH = /^(?:[A-Za-z]:|\$env:\w+|\.{1,2}$|\.{1,2}\\)/;

/**
 * Parses a shell command line into the simple commands it runs, in the order in which they are written; those of a
 * substitution (`$(…)`) come before the command that they stand in.
 *
 * Understands quotes, heredocs, pipes, substitutions, subshells and continued lines, and PowerShell's here-strings and
 * paths, as far as tracing git needs; never throws on what it does not understand.
 */
export function parseShell(text: string): SimpleCommand[] {
  return new Parser(text).parse();
}

interface PendingHeredoc {
  end: string;
  stripTabs: boolean;
  /** Whether its text stands as it is written. */
  quoted: boolean;
  command: SimpleCommand;
}

class Parser {
  readonly #text: string;
  readonly #nesting: number;
  /** How many subshells the parser's whole text stands in. */
  readonly #outer: number;
  #at = 0;
  #commands: SimpleCommand[] = [];
  #current: SimpleCommand;
  #word: string | null = null;
  #redirect: ">" | "<" | "<<<" | "2>" | null = null;
  #pending: PendingHeredoc[] = [];
  #subshells: number[] = [];
  #nextSubshell = 1;

  constructor(text: string, around?: Parser) {
    this.#text = text;
    this.#nesting = 0;
    if (around !== undefined) {
      this.#nesting = around.#nesting + 1;
      this.#nextSubshell = around.#nextSubshell;
      this.#subshells = [...around.#subshells, this.#nextSubshell++];
    }
    this.#outer = this.#subshells.length;
    this.#current = this.#blank();
  }

  parse(): SimpleCommand[] {
    const text = this.#text;
    while (this.#at < text.length && this.#commands.length < MAX_COMMANDS) this.#step(text);
    this.#endCommand();
    return this.#commands;
  }

  #step(text: string): void {
    const c = text[this.#at];
    if (c === "\\") return this.#escape();
    if (c === "'") return this.#append(this.#until("'"));
    if (c === '"') return this.#append(this.#double());
    if (c === "`" && /^\r?\n/.test(text.slice(this.#at + 1, this.#at + 3))) {
      // PowerShell's way to continue a line.
      this.#at = text.indexOf("\n", this.#at) + 1;
      return;
    }
    if (c === "`") return this.#append(this.#backticks());
    if (c === "$") return this.#dollar();
    if (c === "@" && /^@['"]\r?\n/.test(text.slice(this.#at, this.#at + 4))) {
      return this.#append(this.#hereString(text[this.#at + 1]));
    }
    if (c === "#" && this.#word === null) return this.#comment();
    if (c === "<" || c === ">") return this.#redirection();
    if (c === "\n") return this.#newline();
    if (c === " " || c === "\t" || c === "\r") {
      this.#endWord();
      this.#at++;
      return;
    }
    if (c === "&" && text[this.#at + 1] === ">") {
      this.#at++;
      return this.#redirection();
    }
    if (c === ";" || c === "&" || c === "|") {
      this.#endCommand();
      this.#at++;
      const next = text[this.#at];
      this.#current.piped = c === "|" && next !== "|" && text[this.#at - 2] !== "|";
      return;
    }
    if (c === "(") return this.#open();
    if (c === ")") return this.#close();
    this.#append(this.#run(PLAIN) ?? this.#take(1));
  }

  /** Takes what a sticky pattern matches at the place, or null. */
  #run(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const run = pattern.exec(this.#text)?.[0] ?? null;
    if (run !== null) this.#at += run.length;
    return run;
  }

  #blank(): SimpleCommand {
    return {
      words: [],
      heredocs: [],
      outputs: [],
      piped: false,
      depth: this.#subshells.length,
      subshell: this.#subshells.at(-1) ?? 0,
    };
  }

  #append(text: string): void {
    this.#word = (this.#word ?? "") + text;
  }

  #endWord(): void {
    const word = this.#word;
    this.#word = null;
    if (word === null) return;
    if (this.#redirect === null) this.#current.words.push(word);
    else if (this.#redirect === "<<<") this.#current.heredocs.push({ text: word, closed: true });
    else if (this.#redirect === ">" && !word.startsWith("&")) this.#current.outputs.push(word);
    this.#redirect = null;
  }

  #endCommand(): void {
    this.#endWord();
    this.#redirect = null;
    const { words, outputs } = this.#current;
    if (words[0] === "[[") outputs.length = 0;
    if (words.length > 0 || outputs.length > 0) this.#commands.push(this.#current);
    this.#current = this.#blank();
  }

  #escape(): void {
    const next = this.#text[this.#at + 1];
    if (next !== undefined && /[\w.]/.test(next) && WINDOWS_PATH.test(this.#word ?? "")) {
      this.#append(this.#take(1));
    } else {
      if (next !== "\n" && next !== undefined) this.#append(next);
      this.#at += 2;
    }
  }

  /** Reads what stands up to the closing `quote`; the place moves behind it. */
  #until(quote: string): string {
    const end = this.#text.indexOf(quote, this.#at + 1);
    const stop = end === -1 ? this.#text.length : end;
    const inner = this.#text.slice(this.#at + 1, stop);
    this.#at = stop + 1;
    return inner;
  }

  #double(): string {
    const text = this.#text;
    let out = "";
    this.#at++;
    while (this.#at < text.length && text[this.#at] !== '"') {
      const c = text[this.#at];
      if (c === "\\" && this.#at + 1 < text.length) {
        const next = text[this.#at + 1];
        if (next !== "\n") out += '"\\$`'.includes(next) ? next : c + next;
        this.#at += 2;
      } else if (c === "`") {
        out += text[this.#at + 1] === '"' ? this.#take(2)[1] : this.#backticks();
      } else if (c === "$" && text[this.#at + 1] === "(") {
        out += this.#substitution();
      } else {
        out += this.#run(PLAIN_IN_QUOTES) ?? this.#take(1);
      }
    }
    this.#at++;
    return out;
  }

  #take(count: number): string {
    const taken = this.#text.slice(this.#at, this.#at + count);
    this.#at += count;
    return taken;
  }

  #backticks(): string {
    this.#until("`");
    return UNKNOWN;
  }

  #dollar(): void {
    const next = this.#text[this.#at + 1];
    if (next === "(") return this.#append(this.#substitution());
    if (next === "'") {
      this.#at++;
      return this.#append(this.#ansi());
    }
    this.#append("$");
    this.#at++;
  }

  /** Reads `$'…'`. */
  #ansi(): string {
    const text = this.#text;
    let out = "";
    this.#at++;
    while (this.#at < text.length && text[this.#at] !== "'") {
      if (text[this.#at] === "\\" && this.#at + 1 < text.length) {
        const next = text[this.#at + 1];
        out += next === "n" ? "\n" : next === "t" ? "\t" : next;
        this.#at += 2;
      } else {
        out += text[this.#at++];
      }
    }
    this.#at++;
    return out;
  }

  /** Reads PowerShell's `@'` … `'@`. */
  #hereString(quote: string): string {
    const start = this.#text.indexOf("\n", this.#at) + 1;
    const end = this.#text.indexOf(`\n${quote}@`, start - 1);
    const stop = end === -1 ? this.#text.length : end;
    this.#at = stop + 3;
    return this.#text.slice(start, stop);
  }

  /** Reads `$(…)` and gives its output if that is plain to see; its commands are kept if not. */
  #substitution(): string {
    if (this.#skip(ARITHMETIC)) return UNKNOWN;
    if (this.#nesting >= MAX_NESTING) {
      this.#until(")");
      return UNKNOWN;
    }
    const inner = new Parser(this.#text.slice(this.#at + 2), this);
    const commands = inner.#parseUntilClosed();
    this.#at += 2 + inner.#at;
    this.#nextSubshell = inner.#nextSubshell;
    const text = commands.length === 1 ? plainOutput(commands[0]) : null;
    if (text === null) this.#commands.push(...commands);
    return text ?? UNKNOWN;
  }

  /** Skips what a pattern matches at the place, if it does. */
  #skip(pattern: RegExp): boolean {
    const length = pattern.exec(this.#text.slice(this.#at, this.#at + 256))?.[0].length ?? 0;
    this.#at += length;
    return length > 0;
  }

  /** Parses up to the `)` that closes a substitution; the place is then behind it. */
  #parseUntilClosed(): SimpleCommand[] {
    const text = this.#text;
    while (this.#at < text.length && this.#commands.length < MAX_COMMANDS) {
      if (text[this.#at] === ")" && this.#subshells.length === this.#outer) {
        this.#at++;
        break;
      }
      this.#step(text);
    }
    this.#endCommand();
    return this.#commands;
  }

  #comment(): void {
    const end = this.#text.indexOf("\n", this.#at);
    this.#at = end === -1 ? this.#text.length : end;
  }

  #redirection(): void {
    const rest = this.#text.slice(this.#at, this.#at + 256);
    // An arrow of some other language, which nobody means as a redirection.
    if (rest[0] === ">" && /[\w=][=-]$/.test(this.#word ?? "")) return this.#append(this.#take(1));
    const stream = /^\d+$/.test(this.#word ?? "") ? this.#word : null;
    if (stream !== null) this.#word = null;
    this.#endWord();
    const heredoc = /^<<(-?)[ \t]*(?:'([^'\n]*)'|"([^"\n]*)"|(\\?)([\w.!+-]+))/.exec(rest);
    if (heredoc !== null && rest[2] !== "<") {
      this.#at += heredoc[0].length;
      this.#pending.push({
        end: heredoc[2] ?? heredoc[3] ?? heredoc[5],
        stripTabs: heredoc[1] === "-",
        quoted: heredoc[5] === undefined || heredoc[4] !== "",
        command: this.#current,
      });
      return;
    }
    const operator = /^(?:<<<|<<|<&|<>|<\(|>>|>&|>\||>\(|<|>)/.exec(rest)![0];
    this.#at += operator.length;
    if (operator.endsWith("(")) return this.#open();
    if (operator === "<<<") this.#redirect = operator;
    else if (operator[0] === "<") this.#redirect = "<";
    else this.#redirect = stream === null || stream === "1" ? ">" : "2>";
    if (operator.endsWith("&")) this.#word = "&";
  }

  #newline(): void {
    const pending = this.#pending;
    this.#endWord();
    this.#at++;
    this.#pending = [];
    for (const heredoc of pending) heredoc.command.heredocs.push(this.#heredoc(heredoc));
    this.#endCommand();
  }

  #heredoc({ end, stripTabs, quoted }: PendingHeredoc): Heredoc {
    const lines: string[] = [];
    let closed = false;
    while (this.#at < this.#text.length && !closed) {
      const stop = this.#text.indexOf("\n", this.#at);
      const raw = this.#text.slice(this.#at, stop === -1 ? this.#text.length : stop);
      const line = stripTabs ? raw.replace(/^\t+/, "") : raw;
      closed = line.replace(/\r$/, "") === end;
      if (closed) {
        // The newline stays: it ends the command that the heredoc belongs to.
        this.#at += raw.length;
      } else {
        this.#at = stop === -1 ? this.#text.length : stop + 1;
        lines.push(line);
      }
    }
    const text = lines.join("\n");
    return { text: quoted ? text : text.replace(/\\(?:([\\$`])|\n)/g, "$1"), closed };
  }

  #open(): void {
    const { words } = this.#current;
    if (words.length === 0 && this.#skip(ARITHMETIC)) return;
    if (words[0] === "for" && this.#skip(FOR_LOOP)) return;
    this.#endCommand();
    this.#subshells.push(this.#nextSubshell++);
    this.#current = this.#blank();
    this.#at++;
  }

  #close(): void {
    this.#endCommand();
    this.#subshells.pop();
    this.#current = this.#blank();
    this.#at++;
  }
}

/** What a command prints if that is plain to see: `cat` with a heredoc, `echo`, `printf`. */
export function plainOutput({ words, heredocs }: SimpleCommand): string | null {
  if (words[0] === "cat" && words.length === 1 && heredocs.length === 1) {
    return heredocs[0].text.replace(/\n+$/, "");
  }
  const texts = words.slice(1).filter((word) => !/^-[neE]+$/.test(word));
  if (words[0] === "echo") return texts.join(" ");
  if (words[0] === "printf" && texts.length === 1) return texts[0].replaceAll("\\n", "\n");
  return null;
}

/** The program that a simple command runs, behind the keywords, assignments and wrappers before it. */
export interface Program {
  /** Its name without folder and `.exe`; "" if the command only sets variables. */
  name: string;
  args: string[];
  /** The variables set before it, in order. */
  assignments: [name: string, value: string][];
  /** The folder that a wrapper moves to first (`env -C`, `sudo -D`), as it is spelled. */
  folder: string | null;
}

const KEYWORDS: ReadonlySet<string> = new Set(
  "then do else elif if ! { while until nohup command builtin setsid unbuffer winpty".split(" "),
);

/** Programs that run the program after them, with those of their options that take the next word. */
const WRAPPERS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    sudo: "-u --user -g --group -h --host -p --prompt -C -D --chdir -U -r -t -T -R",
    doas: "-u -C",
    env: "-u --unset -C --chdir -S",
    time: "-f --format -o --output",
    exec: "-a",
    nice: "-n --adjustment",
    ionice: "-c -n",
    stdbuf: "-i -o -e",
    timeout: "-s --signal -k --kill-after",
    xargs: "-I -n -P -d -L -a -s -E",
    caffeinate: "-t -w",
  }).map(([name, options]) => [name, options.split(" ")]),
);
const MOVING: ReadonlySet<string> = new Set(["-C", "-D", "--chdir"]);
const ASSIGNMENT = /^(?:\$(?:env:|Env:)?)?([A-Za-z_]\w*)=(.*)$/s;

/** Finds the program that a simple command runs. */
export function programOf({ words }: SimpleCommand): Program {
  const program: Program = { name: "", args: [], assignments: [], folder: null };
  let at = 0;
  for (; at < words.length; at++) {
    const word = words[at];
    const assignment = ASSIGNMENT.exec(word);
    if (assignment !== null) {
      program.assignments.push([assignment[1], assignment[2]]);
      continue;
    }
    // PowerShell: `$env:NAME = "value"`
    const variable = words[at + 1] === "=" ? /^\$(?:env:)?(\w+)$/i.exec(word) : null;
    if (variable !== null) {
      program.assignments.push([variable[1], words[at += 2] ?? ""]);
      continue;
    }
    const options = WRAPPERS.get(basename(word));
    if (options === undefined && !KEYWORDS.has(word)) break;
    while (at + 2 < words.length && words[at + 1].startsWith("-")) {
      const [option, value] = words[++at].split("=", 2);
      const taken = value ?? (options?.includes(option) ? words[++at] : undefined);
      if (word !== "xargs" && MOVING.has(option)) program.folder = taken ?? null;
    }
    if (word === "timeout") at++;
  }
  program.name = basename(words[at] ?? "").replace(/\.exe$/i, "");
  program.args = words.slice(at + 1);
  return program;
}
