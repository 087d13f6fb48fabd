import { join } from "node:path";
import { type DocumentCheckpoint, openDocuments } from "../json_document.ts";
import { type LogCheckpoint, openAppendLog } from "../jsonl/append_log.ts";
import type { AgentReader, KnownSource } from "../reader.ts";
import { readConversation } from "./conversation.ts";
import { discoverSessions, sessionFileOf } from "./paths.ts";
import { findProjectRoot } from "./project_root.ts";
import { type RecordsState, SessionRecords } from "./records.ts";

/** Where the reading of a log goes on, or of a document. */
type Checkpoint = LogCheckpoint<RecordsState> | DocumentCheckpoint;

/** Reads the sessions of Gemini CLI: logs, and the documents that it wrote before April 2026. */
export const geminiReader: AgentReader<Checkpoint> = {
  id: "gemini",
  title: "Gemini CLI",
  version: 1,
  tells: {
    prompts: true,
    edits: true,
    output: true,
    exitCodes: true,
    subagents: true,
    tokens: true,
  },
  roots: {
    flag: "gemini-dir",
    variables: ["GEMINI_CLI_HOME"],
    // The variable names the folder that holds `.gemini`.
    resolve: (env, home) => [join(env("GEMINI_CLI_HOME") || home, ".gemini")],
  },
  discover: discoverSessions,
  watch: (roots) => roots.map((root) => ({ path: join(root, "tmp"), recursive: true })),
  open({ path }, known) {
    const file = sessionFileOf(path);
    const root = findProjectRoot(file.project);
    if (file.isDocument) {
      return openDocuments(
        [path],
        known as KnownSource<DocumentCheckpoint> | null,
        ([document], context) =>
          new SessionRecords(context, file, { state: null, root }).document(document),
      );
    }
    return openAppendLog<RecordsState>(
      path,
      known as KnownSource<LogCheckpoint<RecordsState>> | null,
      (context, state) => new SessionRecords(context, file, { state, root }),
    );
  },
  messages: ({ path }, session, at, limit) => readConversation(path, session, at, limit),
  resumeCommand: (session) => ["gemini", "--resume", session],
};
