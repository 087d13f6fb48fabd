import { describeReader } from "./reader_contract.ts";
import { fileURLToPath } from "node:url";
import { codexReader } from "../../lib/sessions/codex/reader.ts";
const SAMPLES = ["codex", "codex-agents", "codex-calls"].map((name) =>
  fileURLToPath(new URL(`../fixtures/agents/${name}`, import.meta.url))
);
describeReader({ reader: codexReader, sampleRoots: SAMPLES });
