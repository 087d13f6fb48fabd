import { randomFrom } from "../../tests/support/random.ts";

/** How many lines apart the lines of 200 MB stand. */
const HUGE_EVERY = 250_000;
const HUGE = 200 << 20;
const START = Date.UTC(2026, 0, 5, 9);

/** Writes one transcript of about the given size: answers of tools, now and then an edit, a few lines of 200 MB. */
export async function writeHugeTranscript(
  folder: string,
  options: { bytes: number; seed: number },
): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const session = "99999999-0000-4000-8000-000000000000";
  using file = await Deno.open(`${folder}/${session}.jsonl`, { create: true, write: true });
  const random = randomFrom(options.seed);
  const encoder = new TextEncoder();
  const filler = encoder.encode("x".repeat(1 << 20));
  const words = 'the quick brown fox\\n\\tjumps over \\"lazy\\" dogs {'.repeat(120);
  let written = 0;
  let parent = "";
  let text = "";
  for (let n = 0; written < options.bytes; n++) {
    const uuid = uuidOf(n, random);
    text += line({ n, session, parent, uuid, words });
    parent = uuid;
    if (text.length > 1 << 20) {
      written += await write(file, encoder.encode(text));
      text = "";
    }
    if (n % HUGE_EVERY === HUGE_EVERY - 1) {
      text += '{"type":"user","message":{"role":"user","content":"';
      written += await write(file, encoder.encode(text));
      for (let size = 0; size < HUGE; size += filler.length) written += await write(file, filler);
      text = '"}}\n';
    }
  }
  await write(file, encoder.encode(text));
}

function line(
  { n, session, parent, uuid, words }: {
    n: number;
    session: string;
    parent: string;
    uuid: string;
    words: string;
  },
): string {
  const head = `{"parentUuid":${parent === "" ? "null" : `"${parent}"`},"isSidechain":false,` +
    `"userType":"external","cwd":"/srv/huge","sessionId":"${session}","version":"2.1.39","gitBranch":"main",`;
  const tail = `"uuid":"${uuid}","timestamp":"${new Date(START + n * 1_000).toISOString()}"`;
  const id = `toolu_${String(n - n % 2).padStart(24, "0")}`;
  if (n % 2 === 1) {
    return `${head}"type":"user","message":{"role":"user","content":[{"tool_use_id":"${id}",` +
      `"type":"tool_result","content":"${words}"}]},${tail},"toolUseResult":{"type":"text","file":` +
      `{"filePath":"/srv/huge/a.ts","content":"${words}"}},"sourceToolAssistantUUID":"${parent}"}\n`;
  }
  const call = n % 20 === 0
    ? `"name":"Edit","input":{"file_path":"/srv/huge/${
      n % 40
    }.ts","old_string":"before ${n}","new_string":"after ${n}"}`
    : `"name":"Read","input":{"file_path":"/srv/huge/a.ts"}`;
  return `${head}"message":{"model":"claude-opus-4-5","id":"msg_${n}","type":"message","role":"assistant",` +
    `"content":[{"type":"tool_use","id":"${id}",${call}}],"stop_reason":null,"usage":{"input_tokens":3}},` +
    `"requestId":"req_${n}","type":"assistant",${tail}}\n`;
}

function uuidOf(n: number, random: () => number): string {
  const high = Math.floor(random() * 0x1_0000_0000).toString(16).padStart(8, "0");
  const low = n.toString(16).padStart(12, "0");
  return `${high}-0000-4000-8000-${low}`;
}

async function write(file: Deno.FsFile, bytes: Uint8Array): Promise<number> {
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
  return bytes.length;
}
