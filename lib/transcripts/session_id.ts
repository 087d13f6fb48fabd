import type { SessionId } from "../domain/ids.ts";
import { name } from "./json.ts";

/** What would end a part of an address, or lead out of it. */
// deno-lint-ignore no-control-regex
const NEVER_IN_IDS = /[\u0000-\u0020\u007f/\\?#%]|^\.{1,2}$/;

/** The value where it can be a session's id, which stands in the address of the session's page; else null. */
export function sessionIdOf(value: unknown): SessionId | null {
  const id = name(value);
  return id === null || NEVER_IN_IDS.test(id) ? null : id as SessionId;
}
