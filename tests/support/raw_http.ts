const ENCODER = new TextEncoder();

/** What a server sent over one connection, byte by byte as Latin-1. */
export interface RawAnswer {
  text: string;
  /** The status of every answer in it, in their order. */
  statuses: number[];
  /** Whether the server ended the connection. */
  ended: boolean;
}

/** Options of {@linkcode sendRaw}. */
export interface RawOptions {
  /** How long the server may be silent before the connection is given up, in milliseconds. @default {400} */
  quietMs?: number;
}

/**
 * Sends bytes as they are, which `fetch` would not, and reads until the server ends the connection or is silent.
 *
 * @param url Where the server listens.
 */
export async function sendRaw(
  url: string,
  request: string | string[],
  options: RawOptions = {},
): Promise<RawAnswer> {
  const { quietMs = 400 } = options;
  using connection = await connectTo(url);
  let text = "";
  let ended = false;
  const reading = (async () => {
    const buffer = new Uint8Array(65_536);
    while (true) {
      const quiet = Promise.withResolvers<"quiet">();
      const timer = setTimeout(() => quiet.resolve("quiet"), quietMs);
      const read = connection.read(buffer).catch(() => null);
      const got = await Promise.race([read, quiet.promise]);
      clearTimeout(timer);
      if (got === "quiet") return;
      if (got === null) {
        ended = true;
        return;
      }
      text += String.fromCharCode(...buffer.subarray(0, got));
    }
  })();
  for (const part of typeof request === "string" ? [request] : request) {
    // Where the server hung up already there is nobody to write to: what it said is read all the same.
    if (!await writeAll(connection, ENCODER.encode(part))) break;
  }
  await reading;
  const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
  return { text, statuses, ended };
}

/** Opens a connection to where `url` points. */
export async function connectTo(url: string): Promise<Deno.TcpConn> {
  const { hostname, port } = new URL(url);
  return await Deno.connect({ hostname: hostname.replace(/^\[|\]$/g, ""), port: Number(port) });
}

async function writeAll(connection: Deno.TcpConn, bytes: Uint8Array): Promise<boolean> {
  try {
    let sent = 0;
    while (sent < bytes.length) sent += await connection.write(bytes.subarray(sent));
    return true;
  } catch {
    return false;
  }
}

/** A request's head: its first line and its headers, as they are to be sent. */
export function head(first: string, headers: string[]): string {
  return [`${first} HTTP/1.1`, ...headers, "", ""].join("\r\n");
}
