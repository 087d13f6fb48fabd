import { homeOf, joinPath } from "../text/paths.ts";
import { type GitCall, type GitPlaces, readGitCall } from "./git_commands.ts";
import {
  parseShell,
  plainOutput,
  type Program,
  programOf,
  type SimpleCommand,
  UNKNOWN,
} from "./parse.ts";
import { shellWord } from "./quote.ts";

/** What a command line does as far as folders, git and files are concerned. */
export interface ShellTrace {
  git: GitCall[];
  /** Every folder that the line stood in, the first one included, in order and without repeats. */
  folders: string[];
  /** Files of which the line holds the text that it writes. */
  written: WrittenFile[];
}

/** A file that a command line writes, with its text. */
export interface WrittenFile {
  /** Absolute, or null if the folder that it starts from is unknown. */
  path: string | null;
  /** The path as the command spells it, its variables replaced. */
  spelled: string;
  text: string;
  /** Whether a whole heredoc holds the text, which then is lines of a file. */
  heredoc: boolean;
}

/** Follows a command line from folder `cwd`: where it goes, what it writes and what git is asked to do there. */
export function traceShell(command: string, cwd: string | null): ShellTrace {
  return new Tracer(cwd, new Map()).follow(parseShell(command));
}

/** A file that a shell command writes from a heredoc. */
export interface HeredocWrite {
  path: string;
  content: string;
}

/**
 * Finds the files that `cat > file <<'EOF'`, `tee file <<EOF` and PowerShell's here-strings write.
 *
 * @param options.cwd The folder that relative paths start from, unless the command changes it first; their path stays
 * relative if it is null.
 */
export function readHeredocs(command: string, options: { cwd: string | null }): HeredocWrite[] {
  if (!command.includes("<<") && !/@['"]\r?\n/.test(command)) return [];
  if (!/\b(?:cat|tee|set-content|add-content|out-file)\b/i.test(command)) return [];
  return traceShell(command, options.cwd).written
    .filter(({ heredoc, spelled }) => heredoc && !spelled.startsWith("/dev/"))
    .map(({ path, spelled, text }) => ({ path: path ?? spelled, content: text }));
}

const CHANGE_FOLDER = /^(?:cd|pushd|chdir|sl|set-location|push-location)$/i;
const POWERSHELL_WRITER = /^(?:set-content|add-content|out-file)$/i;
const SHELL = /^(?:ba|z|da|k)?sh$/;
/** A shell's options with its script behind them: `-c`, `-lc`. */
const SCRIPT = /^-[a-z]*c$/;
/** How deep scripts may nest: `bash -c "bash -c …"`. */
const MAX_SCRIPTS = 8;
/** The longest value of a variable that is kept, since `a=$a$a` doubles it, and the longest word that is expanded. */
const MAX_VALUE = 1_024;
const MAX_WORD = 8_192;

/** Follows commands, one after the other. */
class Tracer {
  readonly #home: string | null;
  readonly #nesting: number;
  #folder: string | null;
  #previous: string | null = null;
  #saved: { subshell: number; depth: number; folder: string | null; environment: Environment }[] =
    [];
  #variables = new Map<string, string>();
  #environment: Environment;
  #aliases = new Map<string, string>();
  #trace: ShellTrace = { git: [], folders: [], written: [] };

  constructor(cwd: string | null, environment: Environment, nesting = 0) {
    this.#folder = cwd;
    this.#environment = environment;
    this.#nesting = nesting;
    this.#home = cwd === null ? null : homeOf(cwd);
    if (cwd !== null) this.#trace.folders.push(cwd);
  }

  follow(commands: readonly SimpleCommand[]): ShellTrace {
    let before: SimpleCommand | undefined;
    for (const command of commands) {
      this.#enter(command);
      this.#run(command, command.piped ? before : undefined);
      before = command;
    }
    return this.#trace;
  }

  /** Leaves the subshells that ended before a command, and enters the one that it stands in. */
  #enter({ depth, subshell }: SimpleCommand): void {
    while (this.#saved.length > 0) {
      const top = this.#saved.at(-1)!;
      if (top.depth < depth || (top.depth === depth && top.subshell === subshell)) break;
      this.#folder = top.folder;
      this.#environment = top.environment;
      this.#saved.pop();
    }
    if (depth > 0 && this.#saved.at(-1)?.subshell !== subshell) {
      const { folder, environment } = { folder: this.#folder, environment: this.#environment };
      this.#saved.push({ subshell, depth, folder, environment });
    }
  }

  /** @param before The command whose output this one reads. */
  #run(command: SimpleCommand, before: SimpleCommand | undefined): void {
    const program = programOf(command);
    const set = new Map<string, string>();
    for (const [name, value] of program.assignments) {
      const text = this.#expand(value).slice(0, MAX_VALUE);
      set.set(name, text);
      this.#variables.set(name, text);
    }
    this.#write(command, { program, before });
    const { name, args } = program;
    const exported = /^\$env:/i.test(command.words[0] ?? "") ||
      name === "" && set.keys().some((variable) => this.#environment.has(variable));
    if (exported) this.#environment = new Map([...this.#environment, ...set]);
    if (name === "export" || name === "declare" || name === "typeset") return this.#export(args);
    if (name === "unset") return this.#unset(args);
    if (name === "alias") return this.#alias(args);
    if (CHANGE_FOLDER.test(name)) {
      this.#go(args.find((word) => word === "-" || !/^-[a-zA-Z-]/.test(word)));
    } else if (/^(?:popd|pop-location)$/i.test(name)) {
      this.#go("-");
    } else if (SHELL.test(name) && args.some((arg) => SCRIPT.test(arg))) {
      this.#script(args[args.findIndex((arg) => SCRIPT.test(arg)) + 1], set);
    } else if (name === "eval") {
      this.#script(args.join(" "), set);
    } else if (this.#aliases.has(name)) {
      this.#script(`${this.#aliases.get(name)} ${args.map(shellWord).join(" ")}`, set);
    } else this.#call(command, program, set);
  }

  /** Takes up a call of git or of what works on its repositories. */
  #call({ heredocs }: SimpleCommand, program: Program, set: Environment): void {
    const folder = program.folder === null
      ? this.#folder
      : this.#resolve(program.folder, this.#folder);
    const environment = new Map([...this.#environment, ...set]);
    const call = readGitCall(program, {
      heredocs: heredocs.map(({ text }) => text),
      places: this.#places(folder, environment),
    });
    if (call === null) return;
    if (call.folder !== null) this.#stand(call.folder);
    this.#trace.git.push(call);
  }

  #places(folder: string | null, environment: Environment): GitPlaces {
    return {
      folder,
      home: this.#home,
      gitDir: environment.get("GIT_DIR") ?? null,
      workTree: environment.get("GIT_WORK_TREE") ?? null,
      resolve: (spelled, from) => this.#resolve(spelled, from),
    };
  }

  /** Follows a script that a command hands to a shell. */
  #script(script: string | undefined, set: Environment): void {
    if (script === undefined || script.includes(UNKNOWN) || this.#nesting >= MAX_SCRIPTS) return;
    const environment = new Map([...this.#environment, ...set]);
    const inner = new Tracer(this.#folder, environment, this.#nesting + 1)
      .follow(parseShell(script));
    this.#trace.git.push(...inner.git);
    this.#trace.written.push(...inner.written);
    for (const folder of inner.folders) this.#stand(folder);
  }

  #export(args: readonly string[]): void {
    const environment = new Map(this.#environment);
    for (const arg of args) {
      const [, name, value] = /^([A-Za-z_]\w*)(?:=(.*))?$/s.exec(arg) ?? [];
      if (name === undefined) continue;
      const text = value === undefined
        ? this.#variables.get(name)
        : this.#expand(value).slice(0, MAX_VALUE);
      if (text === undefined) continue;
      this.#variables.set(name, text);
      environment.set(name, text);
    }
    this.#environment = environment;
  }

  #unset(names: readonly string[]): void {
    this.#environment = new Map(this.#environment);
    for (const name of names) {
      this.#variables.delete(name);
      (this.#environment as Map<string, string>).delete(name);
    }
  }

  #alias(args: readonly string[]): void {
    for (const arg of args) {
      const [, name, text] = /^([\w-]+)=(.*)$/s.exec(arg) ?? [];
      // One that begins with its own name (`alias git='git -c …'`) would never end.
      if (name !== undefined && text.split(" ", 1)[0] !== name) this.#aliases.set(name, text);
    }
  }

  #expand(text: string): string {
    if (!text.includes("$") || text.length > MAX_WORD) return text;
    return text.replace(
      /\$(?:\{([A-Za-z_]\w*)\}|(?:env:)?([A-Za-z_]\w*))/gi,
      (whole, braced, bare) => {
        const name = braced ?? bare;
        if (name === "HOME" && this.#home !== null) return this.#home;
        if (name === "PWD" && this.#folder !== null) return this.#folder;
        return this.#variables.get(name) ?? this.#environment.get(name) ?? whole;
      },
    );
  }

  /** The absolute form of a path as a command spells it; null if only the shell knows. */
  #resolve(spelled: string, folder: string | null): string | null {
    let path = this.#expand(spelled);
    if (path === "~" || path.startsWith("~/")) {
      if (this.#home === null) return null;
      path = this.#home + path.slice(1);
    }
    if (path.includes(UNKNOWN) || path.includes("$")) return null;
    return joinPath(folder, path);
  }

  #go(target: string | undefined): void {
    const from = this.#folder;
    if (target === "-") this.#folder = this.#previous;
    else if (target === undefined || target === "") this.#folder = this.#home;
    // `cd "$(git rev-parse --show-toplevel)"` stays in the repository, and so does an unreadable one most often.
    else if (target !== UNKNOWN) this.#folder = this.#resolve(target, this.#folder);
    this.#previous = from;
    if (this.#folder !== null) this.#stand(this.#folder);
  }

  #stand(folder: string): void {
    if (!this.#trace.folders.includes(folder)) this.#trace.folders.push(folder);
  }

  /** Takes up the files that a command writes: through redirections, `tee`, and PowerShell's `Set-Content`. */
  #write(
    command: SimpleCommand,
    { program, before }: { program: Program; before: SimpleCommand | undefined },
  ): void {
    const { name, args } = program;
    const targets = [...command.outputs];
    const copies = name === "cat" || name === "tee";
    if (name === "tee") targets.push(...args.filter((arg) => !arg.startsWith("-")));
    if (POWERSHELL_WRITER.test(name)) {
      targets.push(...parameters(args, /^-(?:literal|file)?path$/i));
    }
    if (targets.length === 0) return;
    const source = command.heredocs.length > 0 || !copies ? command : before ?? command;
    const [heredoc] = source.heredocs;
    const hereString = before?.words.length === 1 && before.words[0].includes("\n")
      ? before.words[0]
      : parameters(args, /^-value$/i).find((value) => value.includes("\n"));
    const found = POWERSHELL_WRITER.test(name)
      ? hereString === undefined ? null : { text: hereString, heredoc: true }
      : heredoc === undefined
      ? { text: plainOutput(source), heredoc: false }
      : { text: heredoc.text, heredoc: copies && heredoc.closed && isCopied(source) };
    if (found === null || found.text === null) return;
    for (const target of targets) {
      const path = this.#resolve(target, this.#folder);
      const spelled = this.#expand(target);
      if (path === null && (/[$\uFFFC]/.test(spelled) || this.#folder !== null)) continue;
      this.#trace.written.push({ path, spelled, text: found.text, heredoc: found.heredoc });
    }
  }
}

type Environment = ReadonlyMap<string, string>;

/** Whether a command passes its heredoc on as it is. */
function isCopied(command: SimpleCommand): boolean {
  const { name } = programOf(command);
  return name === "cat" || name === "tee";
}

/** The values of PowerShell parameters of one name; of a path, the first word without a name too. */
function parameters(args: readonly string[], name: RegExp): string[] {
  const at = args.findIndex((arg) => name.test(arg));
  if (at >= 0) return args.slice(at + 1, at + 2);
  return name.test("-path") && args.length > 0 && !args[0].startsWith("-") ? [args[0]] : [];
}
