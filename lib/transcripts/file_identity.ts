import type { SessionId } from "../ids.ts";
import type { FileIdentity } from "./collector.ts";

const SUBAGENT = /[\\/]([^\\/]+)[\\/]subagents[\\/](?:.*[\\/])?(?:agent-)?([^\\/]+)\.jsonl$/;
const FLAT_SUBAGENT = /[\\/]agent-([^\\/]+)\.jsonl$/;
const MAIN = /[\\/]([^\\/]+)\.jsonl$/;

/** What a transcript's path says of whose it is. */
export function identifyFile(path: string): FileIdentity {
  const nested = SUBAGENT.exec(path);
  if (nested !== null) return { session: nested[1] as SessionId, agent: nested[2] };
  const flat = FLAT_SUBAGENT.exec(path);
  if (flat !== null) return { session: null, agent: flat[1] };
  return { session: (MAIN.exec(path)?.[1] ?? null) as SessionId | null, agent: null };
}
