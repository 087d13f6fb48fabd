import type { FileIdentity } from "./collector.ts";
import { sessionIdOf } from "./session_id.ts";

const SUBAGENT = /[\\/]([^\\/]+)[\\/]subagents[\\/](?:.*[\\/])?(?:agent-)?([^\\/]+)\.jsonl$/;
const FLAT_SUBAGENT = /[\\/]agent-([^\\/]+)\.jsonl$/;
const MAIN = /[\\/]([^\\/]+)\.jsonl$/;

/** What a transcript's path says of whose it is. */
export function identifyFile(path: string): FileIdentity {
  const nested = SUBAGENT.exec(path);
  if (nested !== null) return { session: sessionIdOf(nested[1]), agent: nested[2] };
  const flat = FLAT_SUBAGENT.exec(path);
  if (flat !== null) return { session: null, agent: flat[1] };
  return { session: sessionIdOf(MAIN.exec(path)?.[1]), agent: null };
}
