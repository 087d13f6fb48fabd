import { createHash, timingSafeEqual } from "node:crypto";

/** Whether a request that has to show a token may come in. */
export type Admission =
  | { kind: "admitted" }
  /** It named the token in its address: it is sent on without it, with a cookie that stands for it. */
  | { kind: "login"; response: Response }
  | { kind: "refused"; status: 401; message: string };

const COOKIE = "ascribe-token";
const BEARER = /^Bearer +(\S+)$/i;

/** What a request without the token is told. */
export const TOKEN_WANTED =
  "Ascribe is open to the network here, so it asks for its token: the value of ASCRIBE_TOKEN where it was started. " +
  "Add ?token= and the value to the address once; a program sends it as Authorization: Bearer.";

/** Looks for the token in a request: in `Authorization`, in our cookie, or in the address of a page. */
export function admit(request: Request, token: string): Admission {
  const bearer = BEARER.exec(request.headers.get("authorization") ?? "")?.[1];
  if (bearer !== undefined && isSame(bearer, token)) return { kind: "admitted" };
  const cookie = cookieOf(request);
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
    "set-cookie": `${COOKIE}=${value}; Path=/; HttpOnly; SameSite=Strict`,
    "cache-control": "no-store",
  };
  return { kind: "login", response: new Response(null, { status: 303, headers }) };
}

function cookieOf(request: Request): string | null {
  const cookies = request.headers.get("cookie")?.split(";") ?? [];
  const ours = cookies.map((cookie) => cookie.trim()).find((it) => it.startsWith(`${COOKIE}=`));
  return ours?.slice(COOKIE.length + 1) ?? null;
}

/** Takes as long whatever the two have in common. */
function isSame(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(text: string): Uint8Array & { toString(encoding: "hex"): string } {
  return createHash("sha256").update(text).digest();
}
