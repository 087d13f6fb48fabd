import { TrieRouter } from "hono/router/trie-router";

/** What the path of a file below `routes/` says. */
export interface RouteFile {
  kind: "route" | "_middleware" | "_app" | "_error";
  /** The folder it holds for, groups included: `/(admin)/users`. */
  scope: string;
  /** The URLs it answers: `/users/:id`, `/files/:path*`. */
  pattern: string;
}

/** @throws {SyntaxError} If a parameter is part of a segment. */
export function parseRouteFile(path: string): RouteFile {
  const parts = path.replace(/\.[^.]+$/, "").split("/").map(toPattern);
  const name = parts.pop()!;
  const scope = parts.map((part) => `/${part}`).join("");
  if (/^_(middleware|app|error)$/.test(name)) {
    return { kind: name as RouteFile["kind"], scope, pattern: "*" };
  }
  if (name !== "index") parts.push(name);
  const shown = parts.filter((part) => !/^\(.*\)$/.test(part));
  return { kind: "route", scope, pattern: `/${shown.join("/")}` };
}

function toPattern(part: string): string {
  const pattern = part.replace(/^\[\.\.\.([^[\]]+)\]$/, ":$1*").replace(/^\[([^[\]]+)\]$/, ":$1");
  if (!/[[\]]/.test(pattern)) return pattern;
  throw new SyntaxError(`Cannot route "${part}": a parameter must be a whole segment`);
}

/** Orders routes so that of two that match the more exact comes first. */
export function compareRoutes(a: RouteFile, b: RouteFile): number {
  const [x, y] = [a, b].map(({ pattern }) =>
    pattern.replace(/:[^/]*\*/g, "\uffff").replaceAll(":", "\ufffe")
  );
  return x < y ? -1 : Number(x > y);
}

interface Endpoint<T> {
  pattern: string;
  byMethod: Map<string, T>;
}

/** Finds what answers a path: exact patterns first, then the others in the order they were added. */
export class Router<T> {
  #endpoints = new Map<string, Endpoint<T>>();
  #trie = new TrieRouter<Endpoint<T>>();

  /** Of two for a method and a pattern, the first holds. */
  add(methods: readonly string[], pattern: string, item: T): void {
    let endpoint = this.#endpoints.get(pattern);
    if (endpoint === undefined) {
      this.#endpoints.set(pattern, endpoint = { pattern, byMethod: new Map() });
      const [, before, rest] = pattern.match(/^(.*)\/:([^/]+)\*$/) ?? [];
      const paths = rest
        ? [before || "/", `${before}/:${rest}{.+}`]
        : /[:*]/.test(pattern)
        ? [pattern]
        : [];
      for (const path of paths) this.#trie.add("GET", path, endpoint);
    }
    for (const method of methods) {
      if (!endpoint.byMethod.has(method)) endpoint.byMethod.set(method, item);
    }
  }

  /** @throws {URIError} If a parameter is malformed. */
  match(path: string): { endpoint?: Endpoint<T>; params: Record<string, string> } {
    const other = path.endsWith("/") ? path.slice(0, -1) : `${path}/`;
    const exact = this.#endpoints.get(path) ?? this.#endpoints.get(other);
    const [[endpoint, found] = [exact, {}]] = exact ? [] : this.#trie.match("GET", path)[0];
    const params: Record<string, string> = Object.create(null);
    for (const name of endpoint?.pattern.match(/(?<=:)[^/*]+/g) ?? []) {
      params[name] = decodeURI((found as Record<string, string>)[name] ?? "");
    }
    return { endpoint, params };
  }
}
