import { name } from "../text/json.ts";

declare const brand: unique symbol;
type Branded<Value, Name extends string> = Value & { readonly [brand]: Name };

/** A session's id as its transcript spells it, most often a UUID. */
export type SessionId = Branded<string, "SessionId">;

/** A commit's full hash: 40 hex digits, or 64 in a SHA-256 repository. */
export type CommitHash = Branded<string, "CommitHash">;

/** The store's number for a repository. */
export type RepositoryId = Branded<number, "RepositoryId">;

/** What would end a part of an address, or lead out of it. */
// deno-lint-ignore no-control-regex
const NEVER_IN_IDS = /[\u0000-\u0020\u007f/\\?#%]|^\.{1,2}$/;

/** The value where it can be a session's id, which stands in the address of the session's page; else null. */
export function sessionIdOf(value: unknown): SessionId | null {
  const id = name(value);
  return id === null || NEVER_IN_IDS.test(id) ? null : id as SessionId;
}
