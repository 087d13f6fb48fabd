/** What one listener heard. */
export interface Heard {
  /** The events' names, each once in a row. */
  phases: string[];
  /** When which count of repositories was received, Unix milliseconds. */
  scans: { value: number; at: number }[];
}

const decoder = new TextDecoder();

/**
 * Listens to a stream of progress over a plain connection: a thousand clients of `fetch` would measure themselves.
 *
 * @returns `open` resolves with the first bytes, `ended` with the end of the stream.
 */
export function listen(port: number): { open: Promise<void>; ended: Promise<Heard> } {
  const open = Promise.withResolvers<void>();
  return { open: open.promise, ended: read(port, open.resolve) };
}

async function read(port: number, opened: () => void): Promise<Heard> {
  const heard: Heard = { phases: [], scans: [] };
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const request = `GET /api/sync/git/progress HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`;
  await connection.write(new TextEncoder().encode(request));
  const buffer = new Uint8Array(4_096);
  for (let text = "";;) {
    const size = await connection.read(buffer);
    if (size === null) return heard;
    opened();
    const at = performance.timeOrigin + performance.now();
    text += decoder.decode(buffer.subarray(0, size));
    text = take(heard, text, at);
    // The last chunk of an answer whose length was not known.
    if (text.endsWith("0\r\n\r\n")) return heard;
  }
}

/** @returns What is left: the start of an event. */
function take(heard: Heard, text: string, at: number): string {
  for (;;) {
    const end = text.indexOf("\n\n");
    if (end < 0) return text;
    const block = text.slice(0, end);
    text = text.slice(end + 2);
    const name = block.indexOf("event: ");
    if (name < 0) continue;
    const event = block.slice(name + 7, block.indexOf("\n", name));
    if (heard.phases.at(-1) !== event) heard.phases.push(event);
    const count = block.indexOf('"reposScanned":');
    if (event === "scanning" && count >= 0) {
      heard.scans.push({ value: parseInt(block.slice(count + 15)), at });
    }
  }
}
