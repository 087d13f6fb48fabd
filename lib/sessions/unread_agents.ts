import { join } from "node:path";
import type { Os } from "./reader.ts";
import { exists } from "../fs/files.ts";

/** An agent that was used here, of which no session is read. */
export interface UnreadAgent {
  /** The agent's own name. */
  title: string;
  /** The folder by which it was seen. */
  trace: string;
}

/** Where the settings of programs are kept, below the home folder. */
const CONFIGURATION: Record<Os, string> = {
  linux: ".config",
  darwin: "Library/Application Support",
  windows: "AppData/Roaming",
};

/** What each of them leaves in the home folder once it was used, by its own defaults. */
const TRACES: readonly { title: string; folder: (configuration: string) => string }[] = [
  { title: "Aider", folder: () => ".aider" },
  {
    title: "Copilot in VS Code",
    folder: (configuration) => `${configuration}/Code/User/globalStorage/github.copilot-chat`,
  },
  { title: "Cursor", folder: () => ".cursor" },
];

/** Finds agents that this program knows and does not read, by one look each, so that it can say so. */
export function findUnreadAgents(home: string, os: Os): UnreadAgent[] {
  return TRACES.map(({ title, folder }) => ({
    title,
    trace: join(home, folder(CONFIGURATION[os])),
  })).filter(({ trace }) => exists(trace));
}
