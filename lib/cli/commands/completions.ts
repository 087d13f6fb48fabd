import { type Command, EXIT, UsageError } from "../command.ts";
import { COMMON_FLAGS } from "../help_text.ts";

/** `ascribe completions` */
export const completions: Command = {
  name: "completions",
  summary: "Print completions for bash, zsh or fish",
  usage: "completions SHELL",
  details: 'bash: eval "$(ascribe completions bash)" in ~/.bashrc\n' +
    'zsh: eval "$(ascribe completions zsh)" in ~/.zshrc, after compinit\n' +
    "fish: ascribe completions fish > ~/.config/fish/completions/ascribe.fish",
  flags: {},
  words: { min: 1, max: 1 },
  async run({ rest: [shell], output, commands: all }) {
    if (!Object.hasOwn(SHELLS, shell)) {
      const names = Object.keys(SHELLS).join(", ");
      throw new UsageError(`SHELL must be one of ${names}, not ${JSON.stringify(shell)}`);
    }
    const commands = (await all()).map(completed);
    for (const line of SHELLS[shell](commands).split("\n")) output.paint([line]);
    return EXIT.ok;
  },
};

/** What a word may be completed with. */
type Kind = "revision" | "session" | "command" | "shell" | "file";

interface Completed {
  name: string;
  summary: string;
  /** With their dashes. */
  flags: string[];
  words: Kind;
}

const KINDS: readonly (readonly [RegExp, Kind])[] = [
  [/\b(?:COMMIT|RANGE|BASE)\b/, "revision"],
  [/^\S+ ID\b/, "session"],
  [/\bCOMMAND\b/, "command"],
  [/\bSHELL\b/, "shell"],
];

/** How each kind of word is listed by a shell; files are the shell's own matter. */
const LISTS: Readonly<Record<Exclude<Kind, "file" | "command" | "shell">, string>> = {
  revision:
    "git for-each-ref --format='%(refname:short)' refs/heads refs/remotes refs/tags 2>/dev/null",
  session: "ascribe sessions --ids 2>/dev/null",
};

function completed({ name, summary, usage, flags }: Command): Completed {
  return {
    name,
    summary,
    flags: Object.keys({ ...flags, ...COMMON_FLAGS }).map((flag) => `--${flag}`),
    words: KINDS.find(([pattern]) => pattern.test(usage))?.[1] ?? "file",
  };
}

const SHELLS: Readonly<Record<string, (commands: readonly Completed[]) => string>> = {
  bash: bashScript,
  zsh: (commands) => `autoload -Uz bashcompinit && bashcompinit\n${bashScript(commands)}`,
  fish: fishScript,
};

function bashScript(commands: readonly Completed[]): string {
  const names = commands.map(({ name }) => name).join(" ");
  const cases = commands.map(({ name, flags, words }) =>
    `    ${name}) flags="${flags.join(" ")}"; words="${words}" ;;`
  );
  return [
    "_ascribe() {",
    '  local word="${COMP_WORDS[COMP_CWORD]}" flags="" words=""',
    "  COMPREPLY=()",
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    COMPREPLY=($(compgen -W "${names}" -- "$word"))`,
    "    return",
    "  fi",
    '  case "${COMP_WORDS[1]}" in',
    ...cases,
    "  esac",
    '  case "$word" in',
    '    -*) COMPREPLY=($(compgen -W "$flags" -- "$word")); return ;;',
    "  esac",
    '  case "$words" in',
    `    revision) COMPREPLY=($(compgen -W "$(${LISTS.revision})" -- "$word")) ;;`,
    `    session) COMPREPLY=($(compgen -W "$(${LISTS.session})" -- "$word")) ;;`,
    `    command) COMPREPLY=($(compgen -W "${names}" -- "$word")) ;;`,
    `    shell) COMPREPLY=($(compgen -W "${Object.keys(SHELLS).join(" ")}" -- "$word")) ;;`,
    '    file) COMPREPLY=($(compgen -f -- "$word")) ;;',
    "  esac",
    "}",
    "complete -o filenames -F _ascribe ascribe",
  ].join("\n");
}

function fishScript(commands: readonly Completed[]): string {
  const lists: Record<Kind, string | null> = {
    ...LISTS,
    command: commands.map(({ name }) => name).join(" "),
    shell: Object.keys(SHELLS).join(" "),
    file: null,
  };
  const lines = ["complete -c ascribe -e", "complete -c ascribe -n __fish_use_subcommand -f"];
  for (const { name, summary, flags, words } of commands) {
    const seen = `-n '__fish_seen_subcommand_from ${name}'`;
    const list = lists[words];
    lines.push(
      `complete -c ascribe -n __fish_use_subcommand -f -a ${name} -d ${fishWord(summary)}`,
    );
    if (list !== null) {
      const values = words === "revision" || words === "session" ? `(${list})` : list;
      lines.push(`complete -c ascribe ${seen} -f -a ${fishWord(values)}`);
    }
    for (const flag of flags) lines.push(`complete -c ascribe ${seen} -l ${flag.slice(2)}`);
  }
  return lines.join("\n");
}

/** A text as fish takes it for one word. */
function fishWord(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
