import { TrieRouter } from "hono/router/trie-router";

/** What the path of a file below `routes/` says. */
export interface RouteFile {
  kind: "_middleware" | "_app" | "_layout" | "_error" | "route";
  /** The folder it holds for, groups included: `/(admin)/users`. */
  scope: string;
  /** The URLs it answers: `/users/:id`, `/files/:path*`. */
  pattern: string;
}

/** @throws {SyntaxError} If a parameter is part of a segment. */
export function parseRouteFile(path: string): RouteFile {
  const parts = path.replace(/\.[^.]+$/, "").split("/").map(toPattern);
  const scope = parts.slice(0, -1).map((part) => `/${part}`).join("");
  const name = parts.at(-1)!;
  const kind = /^_(middleware|app|layout|error)$/.test(name) ? name as RouteFile["kind"] : "route";
  const shown = (name === "index" ? parts.slice(0, -1) : parts).filter((part) =>
    !/^\(.*\)$/.test(part)
  );
  return { kind, scope, pattern: `/${shown.join("/")}` };
}

function toPattern(part: string): string {
  const pattern = part.replace(/^\[\.\.\.([^[\]]+)\]$/, ":$1*").replace(/^\[([^[\]]+)\]$/, ":$1");
  if (!/[[\]]/.test(pattern)) return pattern;
  throw new SyntaxError(`Cannot route "${part}": a parameter must be a whole segment`);
}

/** What answers a pattern, by method. */
export type Endpoint<T> = { pattern: string; byMethod: Map<string, T> };

/** Makes the function that finds the endpoint of a path: exact before `:name` before `:name*`. */
export function makeMatcher<T>(endpoints: Endpoint<T>[]) {
  const router = new TrieRouter<Endpoint<T>>();
  const rank = ({ pattern }: Endpoint<T>) =>
    (pattern.includes(":") ? "~" : "") +
    pattern.replace(/:[^/]+\*/g, "\uffff").replaceAll(":", "~");
  for (const endpoint of endpoints.toSorted((a, b) => rank(a) < rank(b) ? -1 : 1)) {
    for (const path of pathsOf(endpoint.pattern)) router.add("GET", path, endpoint);
  }
  /** @throws {URIError} If a parameter is malformed. */
  return (path: string): { endpoint?: Endpoint<T>; params: Record<string, string> } => {
    const [[endpoint, found] = []] = router.match("GET", path)[0];
    const names = endpoint?.pattern.match(/(?<=:)[^/*]+/g) ?? [];
    const valueOf = (name: string) => decodeURI((found as Record<string, string>)[name] ?? "");
    return { endpoint, params: Object.fromEntries(names.map((name) => [name, valueOf(name)])) };
  };
}

/** A pattern as the router has it: an exact one may end in a slash, `:name*` may be nothing at all. */
function pathsOf(pattern: string): string[] {
  const [, before, rest] = pattern.match(/^(.*)\/:([^/]+)\*$/) ?? [];
  if (rest !== undefined) return [before || "/", `${before}/:${rest}{.+}`];
  return pattern.includes(":") ? [pattern] : [pattern, pattern.replace(/\/?$/, "/")];
}
