import { TrieRouter } from "hono/router/trie-router";

/** A file under `routes/`: what it is, the folder it holds for, and the URLs it answers. */
export interface RouteFile {
  kind: "route" | "middleware" | "app" | "error";
  /** The folder, groups included, as in `/(admin)/users`. */
  scope: string;
  /** As in `/users/:id` or `/files/:path*`. */
  pattern: string;
}

/** Reads what a file's path below `routes/` says. */
export function parseRouteFile(path: string): RouteFile {
  const parts = path.replace(/\.[^.]+$/, "").split("/");
  const name = parts.pop()!;
  const scope = parts.map((part) => `/${toPattern(part)}`).join("");
  if (name === "_middleware" || name === "_app" || name === "_error") {
    return { kind: name.slice(1) as RouteFile["kind"], scope, pattern: "*" };
  }
  const shown = [...parts, ...(name === "index" ? [] : [name])].filter((part) =>
    !/^\(.*\)$/.test(part)
  );
  return { kind: "route", scope, pattern: `/${shown.map(toPattern).join("/")}` };
}

function toPattern(part: string): string {
  const [, rest, name] = part.match(/^\[(\.\.\.)?([^[\]]+)\]$/) ?? [];
  if (name !== undefined) return rest ? `:${name}*` : `:${name}`;
  if (/[[\]]/.test(part)) {
    throw new SyntaxError(`Cannot route "${part}": a parameter must be a whole segment`);
  }
  return part;
}

/** Orders routes so that `[id]` is tried before `[...rest]`. */
export function compareRoutes(a: RouteFile, b: RouteFile): number {
  const rank = (pattern: string) => pattern.replace(/:[^/]*\*/g, "\uffff").replace(/:/g, "\ufffe");
  const [x, y] = [rank(a.pattern), rank(b.pattern)];
  return x < y ? -1 : x > y ? 1 : 0;
}

interface Endpoint<T> {
  pattern: string;
  byMethod: Map<string, T>;
}

/** Finds what answers a path: exact routes first, then dynamic ones in the order they were added. */
export class Router<T> {
  #exact = new Map<string, Endpoint<T>>();
  #dynamic = new Map<string, Endpoint<T>>();
  #trie = new TrieRouter<Endpoint<T>>();

  /** The first to answer a method of a pattern keeps it. */
  add(methods: readonly string[], pattern: string, item: T): void {
    const isDynamic = /[:*]/.test(pattern);
    const known = isDynamic ? this.#dynamic : this.#exact;
    let endpoint = known.get(pattern);
    if (endpoint === undefined) {
      known.set(pattern, endpoint = { pattern, byMethod: new Map() });
      if (isDynamic) {
        for (const path of honoPaths(pattern)) this.#trie.add("GET", path, endpoint);
      }
    }
    for (const method of methods) {
      if (!endpoint.byMethod.has(method)) endpoint.byMethod.set(method, item);
    }
  }

  /** @throws {URIError} If a parameter is malformed. */
  match(pathname: string): { endpoint: Endpoint<T>; params: Record<string, string> } | null {
    const other = pathname.endsWith("/") ? pathname.slice(0, -1) : `${pathname}/`;
    const exact = this.#exact.get(pathname) ?? this.#exact.get(other);
    if (exact !== undefined) return { endpoint: exact, params: {} };
    const [hit] = this.#trie.match("GET", pathname)[0];
    if (hit === undefined) return null;
    const params: Record<string, string> = Object.create(null);
    for (const name of hit[0].pattern.match(/(?<=:)[^/*]+/g) ?? []) params[name] = "";
    for (const [name, value] of Object.entries(hit[1])) params[name] = decodeURI(value as string);
    return { endpoint: hit[0], params };
  }
}

function honoPaths(pattern: string): string[] {
  const rest = pattern.match(/^(.*)\/:([^/]+)\*$/);
  return rest ? [rest[1] || "/", `${rest[1]}/:${rest[2]}{.+}`] : [pattern];
}
