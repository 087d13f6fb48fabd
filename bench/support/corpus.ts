import { randomFrom } from "../../tests/support/random.ts";
import { git } from "./git.ts";

/** How large a corpus is. */
export interface CorpusOptions {
  folder: string;
  seed?: number;
  sessions: number;
  repositories: number;
  /** Over all repositories. */
  commits: number;
  /** Messages a session, besides those of its work. @default {40} */
  messages?: number;
  /** How many characters a tool answers. @default {2_000} */
  answerSize?: number;
}

/** Transcripts and the repositories they speak of. */
export interface Corpus {
  claudeDir: string;
  repositories: string[];
  transcripts: string[];
  bytes: number;
}

const START = Date.UTC(2026, 0, 5, 9);
const MINUTE = 60_000;
const DAYS = 90;

/** When the last thing in a corpus was done, Unix milliseconds. */
export const END = START + DAYS * 24 * 60 * MINUTE;

/**
 * Writes a corpus: the same options give the same bytes, but for the hashes' folder names. Half of the commits are made
 * in a session, which writes the lines that the commit adds and runs `git commit`; the others are made by hand.
 */
export async function makeCorpus(options: CorpusOptions): Promise<Corpus> {
  const { folder, seed = 1, sessions, repositories, commits } = options;
  const corpus: Corpus = {
    claudeDir: `${folder}/claude`,
    repositories: [],
    transcripts: [],
    bytes: 0,
  };
  const works = planWork(options, randomFrom(seed));
  for (let place = 0; place < repositories; place++) {
    const path = `${folder}/repository-${place}`;
    corpus.repositories.push(path);
    await Deno.mkdir(path, { recursive: true });
    await git(path, ["init", "-q", "-b", "main"]);
    const made = works.filter((_, n) => n < commits && n % repositories === place);
    await git(path, ["fast-import", "--quiet"], history(made));
    await git(path, ["reset", "--hard", "-q"]);
  }
  for (let session = 0; session < sessions; session++) {
    const own = works.filter((work) => work.session === session);
    const cwd = corpus.repositories[session % repositories];
    const folderName = cwd.replaceAll(/[^A-Za-z0-9]/g, "-");
    const project = `${corpus.claudeDir}/projects/${folderName}`;
    await Deno.mkdir(project, { recursive: true });
    const id = uuidOf(0, session);
    const text = transcript({ ...options, session, cwd, works: own });
    await Deno.writeTextFile(`${project}/${id}.jsonl`, text);
    corpus.transcripts.push(`${project}/${id}.jsonl`);
    corpus.bytes += text.length;
  }
  return corpus;
}

/** One change that became a commit. */
interface Work {
  at: number;
  file: string;
  lines: string[];
  subject: string;
  /** The session that made it, or null. */
  session: number | null;
}

function planWork({ sessions, repositories, commits }: CorpusOptions, random: () => number) {
  const works: Work[] = [];
  for (let n = 0; n < commits; n++) {
    const place = n % repositories;
    const share = n / commits;
    const lines = Array.from(
      { length: 4 + Math.floor(random() * 12) },
      (_, line) =>
        `  const part${n}x${line} = weigh(${Math.floor(random() * 1e9)}, "line ${line}");`,
    );
    // The sessions of this place are every so-manieth.
    const turn = Math.floor(share * sessions / repositories) * repositories + place;
    const isSession = random() < 0.5 && turn < sessions;
    works.push({
      at: START + Math.floor(share * DAYS * 24 * 60) * MINUTE,
      file: `src/part_${Math.floor(random() * 40)}.ts`,
      lines,
      subject: `feat(part): change number ${n}`,
      session: isSession ? turn : null,
    });
  }
  return works;
}

/** A stream for `git fast-import`. */
function history(works: Work[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let next = 0;
  return new ReadableStream({
    pull(controller) {
      if (next >= works.length) return controller.close();
      let text = "";
      for (const { at, subject, file, lines } of works.slice(next, next += 500)) {
        const who = `Ada <ada@example.org> ${Math.floor(at / 1000)} +0000`;
        const content = `${lines.join("\n")}\n`;
        text += `commit refs/heads/main\nauthor ${who}\ncommitter ${who}\n` +
          `data ${subject.length}\n${subject}\n` +
          `M 100644 inline ${file}\ndata ${content.length}\n${content}\n`;
      }
      controller.enqueue(encoder.encode(text));
    },
  });
}

function transcript(
  { session, cwd, works, messages = 40, answerSize = 2_000, sessions }: CorpusOptions & {
    session: number;
    cwd: string;
    works: Work[];
  },
): string {
  const start = works[0]?.at ?? START + Math.floor(session / sessions * DAYS * 24 * 60) * MINUTE;
  const writer = new TranscriptWriter({ session, cwd, at: start - 10 * MINUTE });
  writer.prompt("Make the next change, and commit it.");
  for (let n = 0; n < messages; n++) writer.read(n, answerSize);
  for (const work of works) writer.work(work);
  return writer.text;
}

/** Writes lines as Claude Code does. */
export class TranscriptWriter {
  text = "";
  readonly #session: number;
  readonly #cwd: string;
  #at: number;
  #count: number;

  /** @param options.from How many lines the transcript has already. @default {0} */
  constructor(options: { session: number; cwd: string; at: number; from?: number }) {
    this.#session = options.session;
    this.#cwd = options.cwd;
    this.#at = options.at;
    this.#count = options.from ?? 0;
  }

  prompt(words: string): void {
    this.#line("user", { role: "user", content: words });
  }

  /** The agent reads a file. */
  read(n: number, size: number): void {
    this.#use(
      "Read",
      { file_path: `${this.#cwd}/src/part_${n % 40}.ts` },
      "y = x; // ".repeat(size / 10),
    );
  }

  /** The agent writes a file and commits it. */
  work({ at, file, lines, subject }: Work): void {
    this.#at = Math.max(this.#at, at - 2 * MINUTE);
    const content = `${lines.join("\n")}\n`;
    this.#use("Write", { file_path: `${this.#cwd}/${file}`, content }, "The file has been updated");
    this.#use("Bash", { command: `git add -A && git commit -q -m "${subject}"` }, "");
  }

  #use(name: string, input: object, answer: string): void {
    const id = `toolu_${this.#session}_${this.#count}`;
    const call = { type: "tool_use", id, name, input };
    this.#line("assistant", { model: "claude-opus-4-5", role: "assistant", content: [call] });
    const result = { type: "tool_result", tool_use_id: id, content: answer };
    this.#line("user", { role: "user", content: [result] });
  }

  #line(type: string, message: object): void {
    this.#at += 1_000;
    const count = this.#count++;
    this.text += `${
      JSON.stringify({
        parentUuid: count === 0 ? null : uuidOf(count, this.#session),
        isSidechain: false,
        userType: "external",
        cwd: this.#cwd,
        sessionId: uuidOf(0, this.#session),
        version: "2.1.7",
        gitBranch: "main",
        type,
        message,
        uuid: uuidOf(count + 1, this.#session),
        timestamp: new Date(this.#at).toISOString(),
      })
    }\n`;
  }
}

function uuidOf(count: number, session: number): string {
  const digits = (n: number, length: number) => n.toString(16).padStart(length, "0");
  return `${digits(count, 8)}-0000-4000-8000-${digits(session, 12)}`;
}
