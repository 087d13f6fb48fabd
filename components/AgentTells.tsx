import { AGENT_NAMES } from "../lib/domain/agents.ts";
import type { AgentId } from "../lib/domain/ids.ts";
import { readerOf, READERS } from "../lib/sessions/registry.ts";
import type { Capabilities } from "../lib/sessions/reader.ts";

const NAMES: Record<keyof Capabilities, string> = {
  prompts: "prompts",
  edits: "edits with their lines",
  output: "what commands printed",
  exitCodes: "exit codes of commands",
  subagents: "subagents",
  tokens: "tokens",
};

function namesOf(tells: Capabilities, told: boolean): string[] {
  return Object.entries(NAMES).filter(([key]) => tells[key as keyof Capabilities] === told)
    .map(([, name]) => name);
}

/** What an agent does not record, said where a session of it is shown; nothing where it records all. */
export function Untold({ agent }: { agent: AgentId }) {
  const untold = namesOf(readerOf(agent).tells, false);
  if (untold.length === 0) return null;
  return <p class="note">{AGENT_NAMES[agent].title} does not record {untold.join(", ")}.</p>;
}

/** Every agent whose sessions are read: what is read of them, and what the agent does not record. */
export function AgentTable() {
  return (
    <div class="table-box">
      <table class="stack">
        <caption class="visually-hidden">Agents whose sessions are read</caption>
        <thead>
          <tr>
            <th scope="col">Agent</th>
            <th scope="col">Read</th>
            <th scope="col">Not recorded</th>
          </tr>
        </thead>
        <tbody>
          {READERS.map(({ id, title, tells }) => (
            <tr key={id}>
              <th scope="row">{title}</th>
              <td data-label="Read">{namesOf(tells, true).join(", ")}</td>
              <td data-label="Not recorded">{namesOf(tells, false).join(", ") || "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
