import type { Collector, Envelope } from "./collector.ts";
import { patchLines, writtenLines } from "./edit_lines.ts";
import { readHeredocs } from "./heredoc.ts";
import { isObject, type JsonObject, name, object, text } from "./json.ts";
import { clip, contentText, excerpt, readUserText } from "./message_text.ts";
import type { PendingCall } from "./pending.ts";
import { onlyReads, readShellCommand } from "./shell_command.ts";
import { type PrintedCommit, readCommits, readPublished } from "./tool_output.ts";

const REJECTED =
  /The user doesn't want to (?:proceed with|take) this|\[Request interrupted by user|User rejected/;

/** Takes up a message in the user's name: prompts, slash commands, shell input, results of tools. */
export function readUserMessage(
  collector: Collector,
  envelope: Envelope,
  line: JsonObject,
): void {
  const content = object(line.message).content;
  const speaks = line.isMeta !== true && line.isCompactSummary !== true &&
    line.isVisibleInTranscriptOnly !== true && envelope.agent === null;
  if (typeof content === "string") {
    if (speaks) readText(collector, envelope, content);
    return;
  }
  if (!Array.isArray(content)) return;
  const results = content.filter((block) => isObject(block) && block.type === "tool_result");
  for (const block of content) {
    if (!isObject(block)) continue;
    if (block.type === "tool_result") {
      readResult(collector, envelope, {
        block,
        result: results.length === 1 ? line.toolUseResult : undefined,
      });
    } else if (block.type === "text" && typeof block.text === "string" && speaks) {
      readText(collector, envelope, block.text);
    }
  }
}

/** Takes up a text that may be what the user typed. */
export function readText(collector: Collector, envelope: Envelope, raw: string): void {
  const said = readUserText(raw);
  switch (said.kind) {
    case "prompt":
      return prompt(collector, envelope, said.text);
    case "slashCommand":
      collector.emit(envelope, { kind: "skill", skill: said.name });
      if (said.prompt !== null) prompt(collector, envelope, said.prompt);
      return;
    case "shellInput": {
      const { git, writes } = readShellCommand(said.command);
      if (!git && !writes) return;
      const command = clip(said.command);
      collector.emit(envelope, { kind: "command", command, background: false });
      for (const { path, content } of readHeredocs(command, { cwd: envelope.cwd })) {
        collector.emit(envelope, { kind: "edit", tool: "Shell", path, ...writtenLines(content) });
      }
      return;
    }
    case "shellOutput":
      return emitCommits(collector, envelope, {
        commits: readCommits(said.output, { certain: false }),
        toolUse: null,
      });
    case "other":
      return;
    default:
      said satisfies never;
  }
}

function prompt(collector: Collector, envelope: Envelope, said: string): void {
  envelope.part.facts.firstPrompt ??= excerpt(said);
  collector.emit(envelope, { kind: "prompt", text: said });
}

function readResult(
  collector: Collector,
  envelope: Envelope,
  found: { block: JsonObject; result: unknown },
): void {
  const { block } = found;
  const id = name(block.tool_use_id);
  const call = id === null ? undefined : collector.pending.take(id);
  if (id === null || call === undefined) return;
  const result = object(found.result);
  const failed = block.is_error === true || (call.kind === "shell" && result.interrupted === true);
  if (failed && call.told) {
    const rejected = REJECTED.test(contentText(block.content)) ||
      (typeof found.result === "string" && REJECTED.test(found.result));
    collector.emit(envelope, { kind: "failure", rejected }, id);
  }
  if (call.kind === "shell") readShellResult(collector, envelope, { call, block, result });
  if (call.kind === "edit" && !failed) {
    const lines = patchLines(result.structuredPatch);
    if (lines !== null) collector.revise(id, lines);
  }
}

function readShellResult(
  collector: Collector,
  envelope: Envelope,
  found: { call: PendingCall; block: JsonObject; result: JsonObject },
): void {
  const { call, block, result } = found;
  const output = typeof result.stdout === "string"
    ? `${result.stdout}\n${text(result.stderr) ?? ""}`
    : contentText(block.content);
  const operation = object(result.gitOperation);
  emitCommits(collector, envelope, {
    commits: commitsOf(call, output),
    toolUse: call.id,
    recorded: object(operation.commit),
  });
  const printed = call.publishes ? readPublished(output) : null;
  const branch = text(object(operation.push).branch) ?? printed?.branch ?? null;
  const url = text(object(operation.pr).url) ?? printed?.url ?? null;
  if (branch !== null || url !== null) {
    collector.emit(envelope, { kind: "published", branch, url }, call.id);
  }
}

/** The commits that a call made, by what it printed. */
function commitsOf({ git, told, command }: PendingCall, output: string): PrintedCommit[] {
  if (told && !git) return [];
  const commits = readCommits(output, { certain: git });
  return commits.length > 0 && onlyReads(command) ? [] : commits;
}

function emitCommits(
  collector: Collector,
  envelope: Envelope,
  found: { commits: PrintedCommit[]; toolUse: string | null; recorded?: JsonObject },
): void {
  const sha = text(found.recorded?.sha);
  if (sha !== null && /^[0-9a-f]{4,64}$/.test(sha)) {
    const printed = found.commits.find(({ hash }) => hash.startsWith(sha) || sha.startsWith(hash));
    collector.emit(envelope, {
      kind: "commit",
      hash: sha,
      branch: printed?.branch ?? null,
      subject: printed?.subject ?? null,
      amend: printed?.amend ?? found.recorded?.kind === "amended",
      source: "gitOperation",
    }, found.toolUse);
    found.commits = found.commits.filter((commit) => commit !== printed);
  }
  for (const commit of found.commits) {
    collector.emit(envelope, { kind: "commit", ...commit, source: "output" }, found.toolUse);
  }
}
