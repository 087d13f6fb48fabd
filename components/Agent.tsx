import { AGENT_NAMES } from "../lib/domain/agents.ts";
import type { AgentId } from "../lib/domain/ids.ts";

/** An agent's two letters before a session's title, its name for those who hover or listen; nothing for an unknown one. */
export function AgentMark({ agent }: { agent: AgentId | null }) {
  if (agent === null) return null;
  const { title, mark } = AGENT_NAMES[agent];
  return (
    <>
      <abbr class="agent-mark" title={title} aria-hidden="true">{mark}</abbr>
      <span class="visually-hidden">{title}:</span>
      {" "}
    </>
  );
}

/** A form's choice of one agent, or of all. */
export function AgentSelect({ chosen }: { chosen: AgentId | undefined }) {
  return (
    <label>
      Agent
      <select name="agent">
        <option value="" selected={chosen === undefined}>All agents</option>
        {Object.entries(AGENT_NAMES).map(([id, { title }]) => (
          <option key={id} value={id} selected={id === chosen}>{title}</option>
        ))}
      </select>
    </label>
  );
}
