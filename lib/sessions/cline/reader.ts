import { basename, dirname, join } from "node:path";
import { findFiles } from "../find_files.ts";
import { type DocumentCheckpoint, openDocuments, readDocument } from "../json_document.ts";
import type { AgentReader, Discovery } from "../reader.ts";
import { readPage } from "./conversation.ts";
import { MESSAGES, readMessages, speakerOf } from "./events.ts";

/**
 * Reads the sessions of Cline's command line. A session is a folder: a document about it, one with its messages, and
 * one for each of its subagents. Every one with messages is a source.
 */
export const clineReader: AgentReader<DocumentCheckpoint> = {
  id: "cline",
  title: "Cline",
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
    flag: "cline-dir",
    variables: ["CLINE_DIR"],
    resolve: (env, home) => [env("CLINE_DIR")?.trim() || join(home, ".cline")],
  },
  discover(roots) {
    const found = findFiles(roots.map(sessionsIn), {
      accepts: (name, folder) => name.endsWith(MESSAGES) || name === `${basename(folder)}.json`,
    });
    return withSessionStamps(found);
  },
  watch(roots) {
    return roots.map((root) => ({ path: sessionsIn(root), recursive: true }));
  },
  open({ path }, known) {
    return openDocuments([path, sessionDocument(path)], known, ([conversation, session], log) => {
      const speaker = speakerOf(path);
      if (speaker !== null) return readMessages(speaker, { conversation, session }, log);
      log.skip("noSession");
      return 1;
    });
  },
  messages({ path }, session, at, limit) {
    const speaker = speakerOf(path);
    const conversation = speaker?.session === session ? readDocument(path) : null;
    if (speaker === null || conversation === null) return { messages: [], next: null };
    return readPage(conversation, speaker.subagent, at, limit);
  },
  resumeCommand: (session) => ["cline", "--id", session],
};

function sessionsIn(root: string): string {
  return join(root, "data", "sessions");
}

/** The document that says of a session what its messages do not: folder, title, branch. */
function sessionDocument(messages: string): string {
  const folder = dirname(messages);
  return join(folder, `${basename(folder)}.json`);
}

/** Sources are the documents with messages, which change with their session's too. */
function withSessionStamps(found: Discovery): Discovery {
  const about = new Map(found.sources.map((source) => [source.path, source]));
  const sources = found.sources.filter(({ path }) => path.endsWith(MESSAGES)).map((source) => {
    const session = about.get(sessionDocument(source.path));
    if (session === undefined) return source;
    const modifiedAt = Math.max(source.modifiedAt, session.modifiedAt);
    return { ...source, stamp: `${source.stamp} ${session.stamp}`, modifiedAt };
  });
  return { ...found, sources };
}
