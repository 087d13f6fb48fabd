import type { createLowlight } from "lowlight";
import type { CodeLine, CodePiece } from "./code_line.ts";

type Lowlight = ReturnType<typeof createLowlight>;
type Node = ReturnType<Lowlight["highlight"]>["children"][number];

/** The most that is highlighted at once, in characters: more would hold up the thread. */
const MOST_CHARACTERS = 128_000;
/** No line that somebody reads is longer, and highlighters are slow on those that are. */
const LONGEST_LINE = 2_000;

let loading: Promise<Lowlight> | null = null;

/** The library is read when it is first needed, so that nobody waits for it before. */
function load(): Promise<Lowlight> {
  return loading ??= import("lowlight").then(({ common, createLowlight }) =>
    createLowlight(common)
  );
}

/**
 * Tells what each piece of some lines is in the file's language.
 *
 * @param lines Lines without their ends.
 * @returns As many lines with the same text, plain where the language is not known or there is too much of it.
 */
export async function highlightLines(
  lines: readonly string[],
  path: string,
): Promise<CodeLine[]> {
  const plain = () => lines.map((line): CodeLine => line === "" ? [] : [line]);
  const language = languageOf(path);
  const characters = lines.reduce((sum, line) => sum + line.length + 1, 0);
  if (language === null || characters > MOST_CHARACTERS) return plain();
  if (lines.some((line) => line.length > LONGEST_LINE)) return plain();
  const made: CodePiece[][] = [[]];
  try {
    const { children } = (await load()).highlight(language, lines.join("\n"));
    for (const node of children) write(node, "", made);
  } catch {
    return plain();
  }
  return made.length === lines.length ? made : plain();
}

/** Writes a node's text into lines, the last of which is the one being written. */
function write(node: Node, scope: string, lines: CodePiece[][]): void {
  if (node.type === "element") {
    const inner = scopeOf(node.properties.className) ?? scope;
    for (const child of node.children) {
      if (child.type === "element" || child.type === "text") write(child, inner, lines);
    }
  } else if (node.type === "text") {
    node.value.split("\n").forEach((text, i) => {
      if (i > 0) lines.push([]);
      if (text !== "") lines.at(-1)!.push(scope === "" ? text : [text, scope]);
    });
  }
}

/** The first of the highlighter's classes, without its prefix: `hljs-title function_` is a `title`. */
function scopeOf(classes: unknown): string | null {
  const first = Array.isArray(classes) ? String(classes[0]) : "";
  return /^hljs-([a-z_-]+)/.exec(first)?.[1] ?? null;
}

/** Which language a file's name tells, where that is not its ending itself. */
const BY_ENDING: Readonly<Record<string, string>> = {
  bash: "bash",
  c: "c",
  cc: "cpp",
  cjs: "javascript",
  cpp: "cpp",
  cs: "csharp",
  css: "css",
  cts: "typescript",
  cxx: "cpp",
  diff: "diff",
  go: "go",
  gql: "graphql",
  graphql: "graphql",
  h: "c",
  hh: "cpp",
  hpp: "cpp",
  htm: "xml",
  html: "xml",
  ini: "ini",
  java: "java",
  js: "javascript",
  json: "json",
  jsonc: "json",
  jsx: "javascript",
  kt: "kotlin",
  kts: "kotlin",
  less: "less",
  lua: "lua",
  m: "objectivec",
  markdown: "markdown",
  md: "markdown",
  mdx: "markdown",
  mjs: "javascript",
  mk: "makefile",
  mts: "typescript",
  patch: "diff",
  php: "php",
  pl: "perl",
  pm: "perl",
  py: "python",
  pyi: "python",
  r: "r",
  rb: "ruby",
  rs: "rust",
  sass: "scss",
  scss: "scss",
  sh: "bash",
  sql: "sql",
  svelte: "xml",
  svg: "xml",
  swift: "swift",
  toml: "ini",
  ts: "typescript",
  tsx: "typescript",
  vb: "vbnet",
  vue: "xml",
  wat: "wasm",
  xhtml: "xml",
  xml: "xml",
  yaml: "yaml",
  yml: "yaml",
  zsh: "bash",
};

const BY_NAME: Readonly<Record<string, string>> = {
  ".bashrc": "bash",
  ".gitconfig": "ini",
  ".editorconfig": "ini",
  ".zshrc": "bash",
  dockerfile: "bash",
  gemfile: "ruby",
  gnumakefile: "makefile",
  makefile: "makefile",
  rakefile: "ruby",
};

/** The language that a file is highlighted as; null for none. */
function languageOf(path: string): string | null {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  if (Object.hasOwn(BY_NAME, name)) return BY_NAME[name];
  const ending = name.slice(name.lastIndexOf(".") + 1);
  return ending !== name && Object.hasOwn(BY_ENDING, ending) ? BY_ENDING[ending] : null;
}
