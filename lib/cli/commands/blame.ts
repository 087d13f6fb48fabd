import { isAbsolute, relative, resolve } from "node:path";
import type { BlameGroup } from "../../domain/blame.ts";
import { textOf } from "../../highlight/code_line.ts";
import { viewBlame } from "../../queries/blame.ts";
import { agentTitle } from "../../queries/range.ts";
import type { BlameChunk } from "../../queries/schemas.ts";
import { maskSecrets } from "../../secrets/secrets.ts";
import type { PromptRef, SessionRef } from "../../store/shapes.ts";
import { formatCounted } from "../../text/format.ts";
import { type Call, type Command, CommandFailure, EXIT, UsageError } from "../command.ts";
import type { Output, Piece } from "../output.ts";
import {
  commitHere,
  gitTrouble,
  openReading,
  type Pages,
  pagesOf,
  type ReadingContext,
  type RepositoryHere,
  repositoryHere,
} from "../reading.ts";
import { firstLine, pad, widthOf } from "../table.ts";

/** `ascribe blame` */
export const blame: Command = {
  name: "blame",
  summary: "Show who wrote each line of a file: commit, session and prompt",
  usage: "blame FILE[:LINE[-LINE]] [REV] [--prompt] [--porcelain] [--json]",
  details:
    "Shows a file as git blame -w -C -M does, with the session and the prompt behind each line.\n" +
    "REV is any of git's revisions; HEAD is the default. Revisions of blame.ignoreRevsFile are passed\n" +
    "over.",
  flags: {
    prompt: { type: "boolean", help: "print the whole prompts behind the lines instead" },
    porcelain: { type: "boolean", help: "print git's porcelain format, with session and prompt" },
    json: { type: "boolean", help: "print one JSON object" },
  },
  words: { min: 1, max: 2 },
  runsGit: true,
  async run(call) {
    const { rest: [word, revision], flags, config, output } = call;
    using context = openReading(call);
    const here = await repositoryHere(context);
    const wanted = parseLines(word);
    const found = await blameLines(context, here, { ...wanted, revision: revision ?? "HEAD" });
    if (found.lines.length === 0 && !flags.on("json")) return EXIT.failed;
    if (revision === undefined) noteChanges(call, here, found);
    if (flags.on("json")) printJson(output, found);
    else if (flags.on("porcelain")) printPorcelain(output, found);
    else if (flags.on("prompt")) await printPrompts(output, found, context);
    else printLines(output, found, pagesOf(config));
    return EXIT.ok;
  },
};

/** A line of a file with what is known of it. */
export interface BlamedLine {
  line: number;
  text: string;
  group: BlameGroup;
  chunk: BlameChunk;
  agent: string | null;
  session: SessionRef | null;
  /** Null where no edit tells. */
  prompt: PromptRef | null;
}

/** Lines of a file, at a commit. */
export interface BlamedFile {
  /** From the repository's topmost folder. */
  path: string;
  hash: string;
  lineCount: number;
  lines: BlamedLine[];
}

/** Takes `FILE:3-5` apart; a file whose name ends so is meant where it is there. */
export function parseLines(word: string): { file: string; from: number; to: number | null } {
  const parts = /^(.+?):(\d{1,9})(?:[-,](\d{1,9}))?$/s.exec(word);
  if (parts === null) return { file: word, from: 1, to: null };
  const [, file, from, to = from] = parts;
  if (Number(from) < 1 || Number(to) < Number(from)) {
    throw new UsageError(
      `${from}-${to} are no lines: the first is 1, and the last is not before it`,
    );
  }
  return { file, from: Number(from), to: Number(to) };
}

/**
 * Finds who wrote lines of a file in the repository here.
 *
 * @throws {UsageError} If there is no such file, revision or line.
 */
export async function blameLines(
  context: ReadingContext,
  here: RepositoryHere,
  { file, from, to, revision }: { file: string; from: number; to: number | null; revision: string },
): Promise<BlamedFile> {
  const path = pathIn(here, file);
  const hash = await commitHere(context, here, revision);
  const answer = await context.git.ask({
    ask: "blame",
    repository: { path: here.path, commonDir: here.commonDir },
    hash,
    path,
    from,
    count: to === null ? Number.MAX_SAFE_INTEGER : to - from + 1,
    follow: true,
    plain: true,
  });
  if (answer.kind !== "ok") {
    if (answer.code !== "notFound") throw gitTrouble(answer);
    throw new UsageError(`${path} is no file of ${revision} in ${here.path}.`);
  }
  if (answer.value.kind === "binary") {
    throw new CommandFailure(`${path} is binary: it has no lines.`);
  }
  const { lineCount } = answer.value;
  if (from > Math.max(1, lineCount) || (to !== null && to > lineCount)) {
    throw new UsageError(
      `${path} has ${formatCounted(lineCount, "line")} in ${revision}, no line ${to ?? from}.`,
    );
  }
  const view = await viewBlame(context.reads, answer.value, here.id);
  const sessions = view.chunks.flatMap(({ source }) => sessionOf(source)?.sessionId ?? []);
  const agents = await context.reads.agentsOf(sessions);
  const { groups } = answer.value;
  const lines = view.chunks.flatMap((chunk) => {
    const session = sessionOf(chunk.source);
    const prompt = chunk.source.kind === "session" ? chunk.source.writer.prompt : null;
    const agent = agentTitle(session === null ? undefined : agents.get(session.sessionId));
    return chunk.lines.map((code, i): BlamedLine => {
      const line = chunk.first + i;
      const group = groups.find((it) => it.line <= line && line < it.line + it.count)!;
      return { line, text: textOf(code), group, chunk, agent, session, prompt };
    });
  });
  return { path, hash, lineCount, lines };
}

function sessionOf(source: BlameChunk["source"]): SessionRef | null {
  if (source.kind === "session") return source.writer.session;
  return source.kind === "commit" ? source.session : null;
}

/** A file as the repository has it, by its path from this folder. */
function pathIn({ worktree, path: main, place: { cwd } }: RepositoryHere, file: string): string {
  if (worktree === null) {
    if (isAbsolute(file)) throw new UsageError(`${file} is not in ${main}, which is bare.`);
    return file.replace(/^\.\//, "");
  }
  const whole = resolve(cwd, file);
  let folder = whole;
  try {
    // The file may be gone; its folder tells where a link leads.
    folder = `${Deno.realPathSync(resolve(whole, ".."))}/${
      folder.slice(folder.lastIndexOf("/") + 1)
    }`;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory)) {
      throw error;
    }
  }
  const path = relative(worktree, folder);
  if (path === "" || path === ".." || path.startsWith("../") || isAbsolute(path)) {
    throw new UsageError(`${file} is no file in ${worktree}.`);
  }
  return path;
}

/** Says that what is on disk is not what is shown, so that lines may have other numbers there. */
function noteChanges({ output }: Call, { worktree }: RepositoryHere, found: BlamedFile): void {
  if (worktree === null) return;
  let text: string;
  try {
    text = Deno.readTextFileSync(`${worktree}/${found.path}`);
  } catch {
    return;
  }
  const onDisk = text.split("\n");
  const differs = found.lines.some((it) =>
    onDisk[it.line - 1]?.replace(/\r$/, "") !== it.text.replace(/\r$/, "")
  );
  if (differs) {
    output.log(
      `${found.path} has changes that are in no commit: its lines are shown as HEAD has them.`,
    );
  }
}

const PROMPT_WIDTH = 32;

function printLines(output: Output, { lines }: BlamedFile, pages: Pages): void {
  const authors = Math.min(
    20,
    Math.max(...lines.map(({ chunk }) => widthOf(chunk.commit.authorName))),
  );
  const digits = String(lines.at(-1)?.line ?? 0).length;
  for (const { line, text, chunk: { commit }, session, prompt } of lines) {
    const asked = prompt?.text ?? session?.title ?? "";
    output.paint([
      { text: commit.hash.slice(0, 8), style: "hash", href: pages.commit(commit.hash) },
      " ",
      sessionPiece(session, pages),
      " ",
      pad(maskSecrets(firstLine(asked)), PROMPT_WIDTH),
      ` (${pad(firstLine(commit.authorName), authors)} ${commit.authoredAt.slice(0, 10)} `,
      `${String(line).padStart(digits)}) `,
      text,
    ]);
  }
}

function sessionPiece(session: SessionRef | null, pages: Pages): Piece {
  if (session === null) return " ".repeat(8);
  const { sessionId } = session;
  const href = pages.session(sessionId);
  return { text: sessionId.slice(0, 8).padEnd(8), style: "session", href };
}

function printPorcelain(output: Output, { lines }: BlamedFile): void {
  for (const { line, text, group, session, agent, prompt, chunk: { commit } } of lines) {
    output.print(`${group.hash} ${group.originalLine + line - group.line} ${line} 1`);
    output.print(`author ${commit.authorName}`);
    output.print(`author-time ${Math.floor(group.authorAt / 1_000)}`);
    output.print(`summary ${commit.subject}`);
    if (session !== null) output.print(`session ${session.sessionId}`);
    if (agent !== null) output.print(`agent ${agent}`);
    if (prompt !== null) output.print(`prompt ${maskSecrets(firstLine(prompt.text))}`);
    output.print(`filename ${group.originalPath}`);
    output.paint([`\t${text}`]);
  }
}

function printJson(output: Output, { path, hash, lineCount, lines }: BlamedFile): void {
  output.print(JSON.stringify({
    path,
    hash,
    lineCount,
    lines: lines.map(({ line, text, chunk, session, agent, prompt }) => ({
      line,
      text,
      commit: chunk.commit,
      source: chunk.source.kind,
      agent,
      session,
      prompt: prompt === null ? null : { ...prompt, text: maskSecrets(prompt.text) },
    })),
  }));
}

async function printPrompts(
  output: Output,
  { lines }: BlamedFile,
  { reads }: ReadingContext,
): Promise<void> {
  const prompts = new Map<string, BlamedLine[]>();
  for (const line of lines) {
    if (line.session === null || line.prompt === null) continue;
    const key = `${line.session.sessionId} ${line.prompt.id}`;
    prompts.set(key, [...prompts.get(key) ?? [], line]);
  }
  if (prompts.size === 0) throw new CommandFailure("No prompt is known behind these lines.");
  let isFirst = true;
  for (
    const [{ session, prompt, agent }, behind] of [...prompts.values()].map((all) =>
      [all[0], all] as const
    )
  ) {
    if (!isFirst) output.print("");
    isFirst = false;
    const numbers = behind.map(({ line }) => line);
    output.paint([
      { text: `${numbers.length === 1 ? "Line" : "Lines"} ${spans(numbers)}`, style: "head" },
      `, ${agent ?? "unknown agent"} session `,
      { text: session!.sessionId, style: "session" },
      `, ${prompt!.at}`,
    ]);
    const whole = await reads.prompt(session!.sessionId, prompt!.id) ?? prompt!.text;
    for (const line of maskSecrets(whole).split("\n")) output.paint([`    ${line}`.trimEnd()]);
  }
}

function spans(numbers: readonly number[]): string {
  const found: [number, number][] = [];
  for (const number of numbers) {
    const last = found.at(-1);
    if (last?.[1] === number - 1) last[1] = number;
    else found.push([number, number]);
  }
  return found.map(([from, to]) => from === to ? `${from}` : `${from}-${to}`).join(", ");
}
