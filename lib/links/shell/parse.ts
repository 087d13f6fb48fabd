import { type SimpleCommand, UNKNOWN } from "./simple_command.ts";

/** Commands past this many in one line are not looked at. */
const MAX_COMMANDS = 500;
/** How deep substitutions may nest. */
const MAX_NESTING = 8;

/**
 * Parses a shell command line into the simple commands it runs, in the order in which they are written.
 *
 * Understands quotes, heredocs, substitutions, subshells, PowerShell here-strings and continued lines as far as
 * reading a commit's message needs; never throws on what it does not understand.
 */
export function parseShell(text: string): SimpleCommand[] {
  return new Parser(text, 0).parse();
}

interface PendingHeredoc {
  end: string;
  stripTabs: boolean;
  command: SimpleCommand;
}

class Parser {
  readonly #text: string;
  readonly #nesting: number;
  #at = 0;
  #commands: SimpleCommand[] = [];
  #current: SimpleCommand;
  #word: string | null = null;
  #redirect: ">" | "<" | null = null;
  #pending: PendingHeredoc[] = [];
  #subshells: number[] = [];
  #nextSubshell = 1;

  constructor(text: string, nesting: number) {
    this.#text = text;
    this.#nesting = nesting;
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
      return;
    }
    if (c === "(") return this.#open();
    if (c === ")") return this.#close();
    this.#append(c);
    this.#at++;
  }

  #blank(): SimpleCommand {
    return {
      words: [],
      heredocs: [],
      outputs: [],
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
    else if (this.#redirect === ">" && !word.startsWith("&")) this.#current.outputs.push(word);
    this.#redirect = null;
  }

  #endCommand(): void {
    this.#endWord();
    this.#redirect = null;
    const { words, outputs } = this.#current;
    if (words.length > 0 || outputs.length > 0) this.#commands.push(this.#current);
    this.#current = this.#blank();
  }

  #escape(): void {
    const next = this.#text[this.#at + 1];
    if (next !== "\n" && next !== undefined) this.#append(next);
    this.#at += 2;
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
        out += c;
        this.#at++;
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

  /** Reads `$(…)` and gives its output where that is plain to see: `cat` with a heredoc, `echo`, `printf`. */
  #substitution(): string {
    const inner = new Parser(this.#text.slice(this.#at + 2), this.#nesting + 1);
    if (this.#nesting >= MAX_NESTING) {
      this.#until(")");
      return UNKNOWN;
    }
    const commands = inner.#parseUntilClosed();
    this.#at += 2 + inner.#at;
    if (commands.length !== 1) return UNKNOWN;
    const [{ words, heredocs }] = commands;
    if (words[0] === "cat" && words.length === 1 && heredocs.length === 1) {
      return heredocs[0].replace(/\n+$/, "");
    }
    const texts = words.slice(1).filter((word) => !/^-[neE]+$/.test(word));
    if (words[0] === "echo") return texts.join(" ");
    if (words[0] === "printf" && texts.length === 1) return texts[0].replaceAll("\\n", "\n");
    return UNKNOWN;
  }

  /** Parses up to the `)` that closes a substitution; the place is then behind it. */
  #parseUntilClosed(): SimpleCommand[] {
    const text = this.#text;
    while (this.#at < text.length && this.#commands.length < MAX_COMMANDS) {
      if (text[this.#at] === ")" && this.#subshells.length === 0) {
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
    if (this.#word !== null && /^\d+$/.test(this.#word)) this.#word = null;
    this.#endWord();
    const rest = this.#text.slice(this.#at, this.#at + 256);
    const heredoc = /^<<(-?)[ \t]*(?:'([^'\n]*)'|"([^"\n]*)"|\\?([\w.!+-]+))/.exec(rest);
    if (heredoc !== null && rest[2] !== "<") {
      this.#at += heredoc[0].length;
      const end = heredoc[2] ?? heredoc[3] ?? heredoc[4];
      this.#pending.push({ end, stripTabs: heredoc[1] === "-", command: this.#current });
      return;
    }
    const operator = /^(?:<<<|<<|<&|<>|<\(|>>|>&|>\||>\(|<|>)/.exec(rest)![0];
    this.#at += operator.length;
    if (operator.endsWith("(")) return this.#open();
    this.#redirect = operator.startsWith(">") ? ">" : "<";
    if (operator.endsWith("&")) this.#word = "&";
  }

  #newline(): void {
    const pending = this.#pending;
    this.#endWord();
    this.#at++;
    this.#pending = [];
    for (const { end, stripTabs, command } of pending) {
      command.heredocs.push(this.#heredoc(end, stripTabs));
    }
    this.#endCommand();
  }

  #heredoc(end: string, stripTabs: boolean): string {
    const lines: string[] = [];
    while (this.#at < this.#text.length) {
      const stop = this.#text.indexOf("\n", this.#at);
      const raw = this.#text.slice(this.#at, stop === -1 ? this.#text.length : stop);
      const line = stripTabs ? raw.replace(/^\t+/, "") : raw;
      if (line.replace(/\r$/, "") === end) {
        // The newline stays: it ends the command that the heredoc belongs to.
        this.#at += raw.length;
        break;
      }
      this.#at = stop === -1 ? this.#text.length : stop + 1;
      lines.push(line);
    }
    return lines.join("\n");
  }

  #open(): void {
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
