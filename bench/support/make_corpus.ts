/** Writes a corpus, and prints what it wrote: `makeCorpus` in a process of its own, whose garbage is not the bench's. */
import { type Corpus, type CorpusOptions, makeCorpus } from "./corpus.ts";

/** Makes a corpus without leaving anything in this process. */
export async function makeCorpusApart(options: CorpusOptions): Promise<Corpus> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", new URL(import.meta.url).pathname, JSON.stringify(options)],
    stdin: "null",
    stderr: "inherit",
  }).output();
  if (!success) throw new Error("Cannot make the corpus");
  return JSON.parse(new TextDecoder().decode(stdout));
}

if (import.meta.main) console.log(JSON.stringify(await makeCorpus(JSON.parse(Deno.args[0]))));
