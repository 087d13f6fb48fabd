import { createHash, timingSafeEqual } from "node:crypto";
import { formatCookie, readCookie } from "./cookies.ts";

/** Why a request is refused. */
export interface Refusal {
  status: 400 | 403 | 404 | 414 | 421;
  /** One sentence with what to do. */
  message: string;
}

const LOCAL_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i;
const LOCAL_NAMES = new Set(["127.0.0.1", "localhost", "[::1]"]);
const MAX_URL = 8192;
/** A path, or a name in one, that no file system takes: looking for a static file of that name fails. */
const NO_PATH = /^.{2048}|[^/]{256}/;
const READING = new Set(["GET", "HEAD", "OPTIONS"]);

/** How {@linkcode guard} judges. */
export interface GuardOptions {
  /** Whether requests show a token, so that any name and any client will do: the token is the only key. @default {false} */
  withToken?: boolean;
  /** The client's end of the connection. @default No connection: the request was made in this process. */
  client?: Deno.Addr;
}

/**
 * Says whether a request may come in.
 *
 * - It must come from this machine, by the address of its connection and not through a proxy, which could stand for anybody.
 * - Its `Host` must be this machine: a foreign name that resolves to 127.0.0.1 (DNS rebinding) is refused. So is a
 *   request line that names another one than `Host` does, and a name that is none.
 * - What changes anything must come from our own pages: our `Origin`, or `Sec-Fetch-Site: same-origin`.
 * - The API does not answer reads that another site's page makes.
 * - An address whose escapes are no text names nothing, and routers throw at it.
 *
 * @returns The refusal, or null where it may.
 */
export function guard(
  request: Request,
  { withToken = false, client }: GuardOptions = {},
): Refusal | null {
  if (!withToken && !(isLoopback(client) && isDirect(request.headers))) {
    return {
      status: 403,
      message:
        "Ascribe answers this machine only. To let others in, or a proxy, start it with a token: see ASCRIBE_TOKEN.",
    };
  }
  const host = request.headers.get("host");
  if (host === null || !(withToken ? urlOf(request) !== null : isLocal(host, request))) {
    return {
      status: 421,
      message:
        "Ascribe answers to 127.0.0.1, localhost and [::1] only. Open it under one of these names.",
    };
  }
  if (request.url.length > MAX_URL) {
    return { status: 414, message: `The address is longer than ${MAX_URL} characters.` };
  }
  if (NO_PATH.test(pathOf(request))) return { status: 404, message: "There is no such page." };
  if (decoded(pathOf(request)) === null) {
    return {
      status: 400,
      message: "The address has a % that stands for no letter: a percent sign itself is %25.",
    };
  }
  const origin = request.headers.get("origin");
  const site = request.headers.get("sec-fetch-site");
  const ours = origin === null ? null : isOurs(origin.toLowerCase(), host.toLowerCase(), withToken);
  if (!READING.has(request.method)) {
    if (ours ?? site === "same-origin") return null;
    return {
      status: 403,
      message:
        `Only Ascribe's own pages may change anything. A program sends the header Origin: http://${host}.`,
    };
  }
  const foreign = ours === false || site === "cross-site" || site === "same-site";
  if (foreign && isApi(pathOf(request))) {
    return { status: 403, message: "Ascribe's API does not answer pages of other sites." };
  }
  return null;
}

/** Whether an origin is our own. A client with a token may come through a proxy that encrypts. */
function isOurs(origin: string, host: string, withToken: boolean): boolean {
  return origin === `http://${host}` || (withToken && origin === `https://${host}`);
}

/** The path that a request asks for; `/` where its address is none, such as under the host `localhost:99999`. */
export function pathOf(request: Request): string {
  return urlOf(request)?.pathname ?? "/";
}

/** Whether a client is on this machine. A Unix socket has only such clients. */
function isLoopback(client: Deno.Addr | undefined): boolean {
  if (client === undefined || client.transport === "unix") return true;
  return client.transport === "tcp" &&
    /^(?:(?:::ffff:)?127\.\d+\.\d+\.\d+|::1)$/.test(client.hostname);
}

/** Whether no proxy says that it passed a request on. */
function isDirect(headers: Headers): boolean {
  return !headers.keys().some((name) => /^(?:forwarded|x-forwarded-.*|via)$/.test(name));
}

function isLocal(host: string, request: Request): boolean {
  const url = LOCAL_HOST.test(host) ? urlOf(request) : null;
  return url !== null && LOCAL_NAMES.has(url.hostname);
}

/** Deno puts a request's address together when it is asked for, and throws where that is none. */
function urlOf(request: Request): URL | null {
  try {
    return new URL(request.url);
  } catch {
    return null;
  }
}

/** Whether a path is answered to programs, as JSON or text, rather than to people; however it is spelled. */
export function isApi(path: string): boolean {
  return /^\/+(?:api(?:\/|$)|metrics\/*$)/.test(decoded(path) ?? path);
}

/** A path as routers read it, `%61` as `a`; null where its escapes are no text. */
function decoded(path: string): string | null {
  if (!path.includes("%")) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

/** Whether a request that has to show a token may come in. */
export type Admission =
  | { kind: "admitted" }
  /** It named the token in its address: it is sent on without it, with a cookie that stands for it. */
  | { kind: "login"; response: Response }
  | { kind: "refused"; status: 401; message: string };

const COOKIE = "ascribe-token";
const BEARER = /^Bearer +(\S+)$/i;

/** The message for a request without the token. */
export const TOKEN_WANTED =
  "Ascribe is open to the network here, so it asks for its token: the value of ASCRIBE_TOKEN where it was started. " +
  "Add ?token= and the value to the address once; a program sends it as Authorization: Bearer.";

/** Looks for the token in a request: in `Authorization`, in our cookie, or in the address of a page. */
export function admit(request: Request, token: string): Admission {
  const bearer = BEARER.exec(request.headers.get("authorization") ?? "")?.[1];
  if (bearer !== undefined && isSame(bearer, token)) return { kind: "admitted" };
  const cookie = readCookie(request.headers, COOKIE);
  if (cookie !== null && isSame(cookie, digest(token).toString("hex"))) return { kind: "admitted" };
  const url = new URL(request.url);
  const named = url.searchParams.get("token");
  if (request.method !== "GET" || named === null || !isSame(named, token)) {
    return { kind: "refused", status: 401, message: TOKEN_WANTED };
  }
  url.searchParams.delete("token");
  // A path of its own slashes would be another host's address.
  const location = url.pathname.replace(/^\/+/, "/") + url.search;
  const value = digest(token).toString("hex");
  const headers = {
    location,
    "set-cookie": formatCookie(COOKIE, value),
    "cache-control": "no-store",
  };
  return { kind: "login", response: new Response(null, { status: 303, headers }) };
}

/** Takes as long whatever the two have in common. */
function isSame(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(text: string): Uint8Array & { toString(encoding: "hex"): string } {
  return createHash("sha256").update(text).digest();
}
