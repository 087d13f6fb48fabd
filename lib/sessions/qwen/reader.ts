import { join } from "node:path";
import { type LogCheckpoint, openAppendLog } from "../jsonl/append_log.ts";
import type { AgentReader } from "../reader.ts";
import { readConversation } from "./conversation.ts";
import { discoverSessions, modelOfSubagent, sessionFileOf } from "./paths.ts";
import { type RecordsState, SessionRecords } from "./records.ts";

/** Reads the sessions of Qwen Code: one file a session and one a subagent. */
export const qwenReader: AgentReader<LogCheckpoint<RecordsState>> = {
  id: "qwen",
  title: "Qwen Code",
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
    flag: "qwen-dir",
    variables: ["QWEN_RUNTIME_DIR", "QWEN_HOME"],
    resolve(env, home) {
      const folder = env("QWEN_RUNTIME_DIR") || env("QWEN_HOME") || join(home, ".qwen");
      return [folder.replace(/^~(?=$|[\\/])/, () => home)];
    },
  },
  discover: discoverSessions,
  watch: (roots) => roots.map((root) => ({ path: join(root, "projects"), recursive: true })),
  open({ path }, known) {
    const file = sessionFileOf(path);
    const model = file.subagent === null ? null : modelOfSubagent(path);
    return openAppendLog<RecordsState>(
      path,
      known,
      (log, state) => new SessionRecords(log, file, { state, model }),
    );
  },
  messages: ({ path }, session, at, limit) => readConversation(path, session, at, limit),
  resumeCommand: (session) => ["qwen", "--resume", session],
};
