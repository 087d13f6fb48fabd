import { AGENT_NAMES } from "../domain/agents.ts";
import { maskSecrets } from "../secrets/secrets.ts";
import type { SearchResult, SessionRef } from "../store/shapes.ts";

/** A piece of a text; each mark is where a word that was sought starts and ends. */
export interface Marked {
  text: string;
  marks: [number, number][];
}

/** Something that was found, as the search shows it. */
export interface SearchEntry {
  /** Unique among the entries of one search. */
  key: string;
  group: "Sessions" | "Commits" | "Files" | "Prompts";
  href: string;
  excerpt: Marked;
  /** Where it belongs, and when it was. */
  note: string;
  at: string | null;
}

/** Lists what was found with the page that each leads to. */
export function entriesOf(result: SearchResult): SearchEntry[] {
  return [
    ...result.sessions.map((hit): SearchEntry => ({
      key: `session-${hit.sessionId}`,
      group: "Sessions",
      href: `/sessions/${hit.sessionId}`,
      excerpt: hit.excerpt,
      note: agentPrefix(hit) + (hit.commitCount === 1 ? "1 commit" : `${hit.commitCount} commits`),
      at: hit.endedAt,
    })),
    ...result.commits.map((hit): SearchEntry => ({
      key: `commit-${hit.repository.id}-${hit.hash}`,
      group: "Commits",
      href: `/commits/${hit.hash}?repository=${hit.repository.id}`,
      excerpt: hit.excerpt,
      note: `${hit.repository.name}, ${hit.hash.slice(0, 8)}`,
      at: hit.authoredAt,
    })),
    ...result.files.map((hit): SearchEntry => ({
      key: `file-${hit.path}`,
      group: "Files",
      href: fileHref(hit),
      excerpt: hit.excerpt,
      note: hit.repository?.name ?? "",
      at: hit.editedAt,
    })),
    ...result.prompts.map((hit): SearchEntry => ({
      key: `prompt-${hit.id}`,
      group: "Prompts",
      href: `/sessions/${hit.session.sessionId}?prompt=${hit.id}#prompt-${hit.id}`,
      excerpt: hit.excerpt,
      note: `${agentPrefix(hit.session)}${maskSecrets(hit.session.title ?? "")}`,
      at: hit.at,
    })),
  ];
}

/** Cuts an excerpt into pieces that are marked and pieces that are not. */
export function piecesOf({ text, marks }: Marked): { text: string; marked: boolean }[] {
  const pieces: { text: string; marked: boolean }[] = [];
  let end = 0;
  for (const [from, to] of marks) {
    pieces.push({ text: text.slice(end, from), marked: false });
    pieces.push({ text: text.slice(from, to), marked: true });
    end = to;
  }
  pieces.push({ text: text.slice(end), marked: false });
  return pieces.filter((piece) => piece.text !== "");
}

/** The name of a session's agent, to go before what else is said of it. */
function agentPrefix({ agent }: SessionRef): string {
  return agent === null ? "" : `${AGENT_NAMES[agent].title}, `;
}

function fileHref(hit: SearchResult["files"][number]): string {
  if (hit.repository !== null && hit.pathInRepository !== null) {
    const query = new URLSearchParams({ path: hit.pathInRepository });
    return `/repositories/${hit.repository.id}/blame?${query}`;
  }
  return hit.session === null ? "/sessions" : `/sessions/${hit.session.sessionId}`;
}
