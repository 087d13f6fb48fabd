/** The folder whose files the framework serves as they are. */
const STATIC = new URL("../../static/", import.meta.url);
const YEAR = "public, max-age=31536000, immutable";

/** The parameter by which a page names the version of a static file. */
const PARAMETER = "v";

let version: Promise<string | undefined> | undefined;

/**
 * A hash of everything under `static/`, read once: a program that was restarted after a change has another one. Undefined
 * where the folder is elsewhere, as a bundler may put it.
 */
export function staticVersion(): Promise<string | undefined> {
  return version ??= hashStatic().catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
}

async function hashStatic(): Promise<string> {
  const parts: Uint8Array[] = [];
  const names = (await Array.fromAsync(Deno.readDir(STATIC))).map(({ name }) => name).sort();
  for (const name of names) {
    parts.push(new TextEncoder().encode(`${name}\0`), await Deno.readFile(new URL(name, STATIC)));
  }
  const bytes = new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return hash.toHex().slice(0, 16);
}

/** The address under which browsers may keep a static file; the plain one where the version is not known. */
export function staticHref(path: string, version: string | undefined): string {
  return version === undefined ? path : `${path}?${PARAMETER}=${version}`;
}

/**
 * Lets browsers keep what they got from `static/`: for good under the address that names its version, else until they
 * ask whether it is still the same. The framework has them fetch such files anew for each page.
 */
export async function keepStatic(request: Request, answer: Response): Promise<void> {
  const { headers } = answer;
  if (!headers.has("etag") || !headers.get("cache-control")?.includes("no-store")) return;
  const asked = new URL(request.url).searchParams.get(PARAMETER);
  const isKept = asked !== null && asked === await staticVersion();
  headers.set("cache-control", isKept ? YEAR : "no-cache");
}
