/** A piece of a line of code; `kind` is its part of speech, null for the rest. */
export interface CodePiece {
  text: string;
  kind: string | null;
}

/** Of longer texts only the words are shown: colours would take longer than the reader waits. */
const MOST_CHARACTERS = 120_000;
const LONGEST_LINE = 1_000;

const LANGUAGES: Record<string, string> = {
  bash: "bash sh zsh",
  c: "c h",
  cpp: "cc cpp cxx hh hpp hxx ino",
  csharp: "cs",
  css: "css",
  diff: "diff patch",
  go: "go",
  graphql: "gql graphql",
  ini: "cfg conf ini toml",
  java: "java",
  javascript: "cjs js jsx mjs",
  json: "json jsonc jsonl webmanifest",
  kotlin: "kt kts",
  less: "less",
  lua: "lua",
  makefile: "mk",
  markdown: "markdown md mdx",
  objectivec: "m mm",
  perl: "pl pm",
  php: "php",
  python: "py pyi",
  r: "r",
  ruby: "gemspec rake rb",
  rust: "rs",
  scss: "scss",
  sql: "sql",
  swift: "swift",
  typescript: "cts mts ts tsx",
  vbnet: "vb",
  wasm: "wat",
  xml: "htm html plist svelte svg vue xml",
  yaml: "yaml yml",
};
const LANGUAGE_OF = new Map(
  Object.entries(LANGUAGES).flatMap(([language, endings]) =>
    endings.split(" ").map((ending) => [ending, language] as const)
  ),
);
const LANGUAGE_OF_NAME: Record<string, string> = {
  dockerfile: "bash",
  gemfile: "ruby",
  makefile: "makefile",
  rakefile: "ruby",
};

/** The language that a file is written in, by its name; null where it is not known. */
export function languageOf(path: string): string | null {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  const ending = name.slice(name.lastIndexOf(".") + 1);
  return LANGUAGE_OF_NAME[name] ?? (name.includes(".") ? LANGUAGE_OF.get(ending) ?? null : null);
}

/**
 * Tells the parts of speech of lines of code. What cannot be told is one piece a line.
 *
 * @param path The file's name, which tells the language.
 */
export async function highlightLines(
  lines: readonly string[],
  path: string,
): Promise<CodePiece[][]> {
  const language = languageOf(path);
  const length = lines.reduce((sum, line) => sum + line.length + 1, 0);
  if (
    language === null || length > MOST_CHARACTERS ||
    lines.some((line) => line.length > LONGEST_LINE)
  ) {
    return lines.map((text) => [{ text, kind: null }]);
  }
  const lowlight = await loadLowlight();
  const pieces: CodePiece[][] = [[]];
  addPieces(lowlight.highlight(language, lines.join("\n")).children, null, pieces);
  return pieces;
}

interface Node {
  type: string;
  value?: string;
  properties?: { className?: unknown };
  children?: Node[];
}

let loading: Promise<{ highlight(language: string, text: string): { children: Node[] } }> | null =
  null;

function loadLowlight() {
  return loading ??= import("lowlight").then(({ common, createLowlight }) =>
    createLowlight(common) as never
  );
}

function addPieces(nodes: readonly Node[], kind: string | null, lines: CodePiece[][]): void {
  for (const node of nodes) {
    if (node.type === "text") {
      for (const [i, text] of node.value!.split("\n").entries()) {
        if (i > 0) lines.push([]);
        if (text !== "") lines.at(-1)!.push({ text, kind });
      }
    } else addPieces(node.children ?? [], kindOf(node) ?? kind, lines);
  }
}

function kindOf({ properties }: Node): string | null {
  const names = properties?.className;
  const [name] = Array.isArray(names) ? names : [];
  return typeof name === "string" && name.startsWith("hljs-") ? name.slice("hljs-".length) : null;
}
