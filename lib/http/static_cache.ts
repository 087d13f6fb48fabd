/** The folder whose files the framework serves as they are. */
const STATIC = new URL("../../static/", import.meta.url);
const YEAR = "public, max-age=31536000, immutable";

/** The parameter by which a page names the version of a static file. */
const PARAMETER = "v";

/** The files under `static/`: their names, and a hash of everything in them. */
interface StaticFiles {
  names: ReadonlySet<string>;
  version: string;
}

let files: Promise<StaticFiles | null> | undefined;

/**
 * The version of the files under `static/`: a program that was restarted after a change has another one. Undefined if the
 * folder is elsewhere, as a bundler may put it.
 */
export async function staticVersion(): Promise<string | undefined> {
  return (await staticFiles())?.version;
}

function staticFiles(): Promise<StaticFiles | null> {
  return files ??= readStatic().catch((error) => {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  });
}

async function readStatic(): Promise<StaticFiles> {
  const parts: Uint8Array[] = [];
  const names = (await Array.fromAsync(Deno.readDir(STATIC))).map(({ name }) => name).sort();
  for (const name of names) {
    parts.push(new TextEncoder().encode(`${name}\0`), await Deno.readFile(new URL(name, STATIC)));
  }
  const bytes = new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return { names: new Set(names), version: hash.toHex().slice(0, 16) };
}

/** The address under which browsers may keep a static file; the plain one where the version is not known. */
export function staticHref(path: string, version: string | undefined): string {
  return version === undefined ? path : `${path}?${PARAMETER}=${version}`;
}

/**
 * Lets browsers keep a file of `static/`: for good under the address that names its version, else until they have asked
 * whether it changed, if it has an ETag to ask by. The framework has browsers fetch such files again for each page.
 */
export async function keepStatic(request: Request, answer: Response): Promise<void> {
  const { headers } = answer;
  if (!headers.get("cache-control")?.includes("no-store")) return;
  const { pathname, searchParams } = new URL(request.url);
  const known = await staticFiles();
  if (!known?.names.has(pathname.slice(1))) return;
  if (searchParams.get(PARAMETER) === known.version) headers.set("cache-control", YEAR);
  else if (headers.has("etag")) headers.set("cache-control", "no-cache");
}
