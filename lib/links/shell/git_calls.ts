import { basename, homeOf, joinPath } from "../paths.ts";
import { parseShell } from "./parse.ts";
import { type SimpleCommand, UNKNOWN } from "./simple_command.ts";

/** A run of git that a command line asks for. */
export interface GitCall {
  /** The folder it ran in, or null where only running it could tell. */
  folder: string | null;
  /** The subcommand, such as `commit`. */
  verb: string;
  args: string[];
  /** The heredocs that fed it. */
  heredocs: string[];
}

/** Programs that run the program named after them. */
const WRAPPERS = new Set([
  "sudo",
  "env",
  "command",
  "time",
  "nohup",
  "exec",
  "builtin",
  "then",
  "do",
  "else",
  "if",
  "!",
  "{",
  "while",
  "until",
  "xargs",
  "export",
]);

/** git's options before the subcommand that take a value of their own. */
const VALUED = new Set([
  "-c",
  "--git-dir",
  "--work-tree",
  "--namespace",
  "--exec-path",
  "--config-env",
]);

/** What a command line does as far as places and git are concerned. */
export interface ShellTrace {
  git: GitCall[];
  /** Every folder that the line stood in, the first one included, in order and without repeats. */
  folders: string[];
  /** Files that heredocs and redirections wrote: absolute path and text. */
  written: { path: string; text: string }[];
}

/** Follows a command line from folder `cwd`: where it goes, and what git is asked to do there. */
export function traceShell(command: string, cwd: string | null): ShellTrace {
  return new Tracer(cwd).follow(parseShell(command));
}

class Tracer {
  #home: string | null;
  #folder: string | null;
  #previous: string | null = null;
  #saved: { subshell: number; folder: string | null; depth: number }[] = [];
  #variables = new Map<string, string>();
  #trace: ShellTrace = { git: [], folders: [], written: [] };

  constructor(cwd: string | null) {
    this.#folder = cwd;
    this.#home = cwd === null ? null : homeOf(cwd);
    if (cwd !== null) this.#trace.folders.push(cwd);
  }

  follow(commands: SimpleCommand[]): ShellTrace {
    for (const command of commands) {
      this.#enter(command);
      this.#run(command);
    }
    return this.#trace;
  }

  #enter({ depth, subshell }: SimpleCommand): void {
    while (this.#saved.length > 0) {
      const top = this.#saved.at(-1)!;
      if (top.depth < depth || (top.depth === depth && top.subshell === subshell)) break;
      this.#folder = top.folder;
      this.#saved.pop();
    }
    if (depth > 0 && this.#saved.at(-1)?.subshell !== subshell) {
      this.#saved.push({ subshell, depth, folder: this.#folder });
    }
  }

  #run(command: SimpleCommand): void {
    const words = [...command.words];
    while (words.length > 0) {
      const assignment = /^(?:\$env:)?([A-Za-z_]\w*)=(.*)$/s.exec(words[0]);
      if (assignment !== null) this.#variables.set(assignment[1], this.#expand(assignment[2]));
      else if (!WRAPPERS.has(words[0]) && !(words[0].startsWith("-") && words.length > 1)) break;
      words.shift();
    }
    for (const output of command.outputs) this.#write(output, command.heredocs[0]);
    if (words.length === 0) return;
    const program = basename(words[0]).replace(/\.exe$/i, "");
    if (program === "cd" || program === "pushd" || /^(?:set-location|sl|chdir)$/i.test(program)) {
      this.#go(words.slice(1).find((word) => word === "-" || !/^-[a-zA-Z-]/.test(word)));
    } else if (program === "popd") {
      this.#go("-");
    } else if (program === "tee") {
      for (const word of words.slice(1)) {
        if (!word.startsWith("-")) this.#write(word, command.heredocs[0]);
      }
    } else if (program === "git") {
      this.#git(words.slice(1), command.heredocs);
    } else if (/^(?:ba|z|da|k)?sh$/.test(program) && words.includes("-c")) {
      this.#nested(words[words.indexOf("-c") + 1]);
    } else if (program === "eval") {
      this.#nested(words.slice(1).join(" "));
    }
  }

  #nested(script: string | undefined): void {
    if (script === undefined || script.includes(UNKNOWN)) return;
    const inner = traceShell(script, this.#folder);
    this.#trace.git.push(...inner.git);
    this.#trace.written.push(...inner.written);
    for (const folder of inner.folders) this.#stand(folder);
  }

  #expand(text: string): string {
    return text.replace(
      /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g,
      (whole, braced, bare) => {
        const name = braced ?? bare;
        if (name === "HOME" && this.#home !== null) return this.#home;
        if (name === "PWD" && this.#folder !== null) return this.#folder;
        return this.#variables.get(name) ?? whole;
      },
    );
  }

  /** The absolute form of a path as a command spells it; null where only the shell knows. */
  #resolve(spelled: string): string | null {
    let path = this.#expand(spelled);
    if (path === "~" || path.startsWith("~/")) {
      if (this.#home === null) return null;
      path = this.#home + path.slice(1);
    }
    if (path.includes(UNKNOWN) || path.includes("$")) return null;
    return joinPath(this.#folder, path);
  }

  #go(target: string | undefined): void {
    const from = this.#folder;
    if (target === "-") this.#folder = this.#previous;
    else if (target === undefined || target === "") this.#folder = this.#home;
    // `cd "$(git rev-parse --show-toplevel)"` stays in the repository, and so does an unreadable one most often.
    else if (target !== UNKNOWN) this.#folder = this.#resolve(target);
    this.#previous = from;
    if (this.#folder !== null) this.#stand(this.#folder);
  }

  #stand(folder: string): void {
    if (!this.#trace.folders.includes(folder)) this.#trace.folders.push(folder);
  }

  #write(target: string, text: string | undefined): void {
    const path = this.#resolve(target);
    if (path !== null && text !== undefined) this.#trace.written.push({ path, text });
  }

  #git(args: string[], heredocs: string[]): void {
    let folder = this.#folder;
    let i = 0;
    for (; i < args.length && args[i].startsWith("-"); i++) {
      const [option, value] = args[i].split("=", 2);
      if (args[i] === "-C") folder = this.#at(folder, args[++i]);
      else if (option === "--work-tree" || option === "--git-dir") {
        const path = value ?? args[++i];
        folder = this.#at(folder, path?.replace(/[\\/]\.git[\\/]?$/, ""));
      } else if (VALUED.has(args[i])) i++;
    }
    const verb = args[i];
    if (verb === undefined) return;
    if (folder !== null) this.#stand(folder);
    this.#trace.git.push({ folder, verb, args: args.slice(i + 1), heredocs });
  }

  #at(folder: string | null, path: string | undefined): string | null {
    if (path === undefined) return folder;
    if (path === UNKNOWN) return folder;
    const kept = this.#folder;
    this.#folder = folder;
    const resolved = this.#resolve(path);
    this.#folder = kept;
    return resolved;
  }
}
