#!/bin/sh
# Qwen Code 0.24.4 records an edit as `originalContent` and `newContent`, the file before and after. One would take the
# difference of the two. Of files longer than 16,000 characters both are cut in the middle, each at a place of its own
# and with a mark that tells its own length: their difference shows lines as changed that the edit never touched, such as
# the halves of those at the cuts. `fileDiff` beside them stays whole up to 50,000 characters, and
# `originalContentTruncated` and `newContentTruncated` say when to use it.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund --prefix "$dir" node@22.23.3 @qwen-code/qwen-code@0.24.4 >/dev/null 2>&1
node="$dir/node_modules/node/bin/node"
cat >model.mjs <<'MODEL'
// A model that asks for the same three things whatever it is told: read, edit, end.
import { createServer } from "node:http";
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
const [cli, home] = process.argv.slice(2);
const file = `${home}/app/long.txt`;
const steps = [
  { name: "read_file", arguments: { file_path: file } },
  { name: "edit", arguments: { file_path: file, old_string: "line 0100 of a long file\n",
    new_string: "line 0100, changed\nline 0100b, added\n" } },
];
const server = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => body += chunk).on("end", () => {
    if (!request.url.includes("chat/completions")) return response.end("{}");
    const { messages, tools, stream } = JSON.parse(body);
    const step = tools?.length ? steps[messages.filter(({ role }) => role === "tool").length] : undefined;
    const calls = step && [{ index: 0, id: `call_${step.name}`, type: "function",
      function: { name: step.name, arguments: JSON.stringify(step.arguments) } }];
    const message = calls ? { role: "assistant", content: null, tool_calls: calls } : { role: "assistant", content: "Done." };
    const finish_reason = calls ? "tool_calls" : "stop";
    const usage = { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 };
    const common = { id: "c", created: 1, model: "m", usage };
    if (!stream) return response.end(JSON.stringify({ ...common, choices: [{ index: 0, message, finish_reason }] }));
    response.setHeader("content-type", "text/event-stream");
    response.end(`data: ${JSON.stringify({ ...common, choices: [{ index: 0, delta: message, finish_reason }] })}\n\ndata: [DONE]\n\n`);
  });
}).listen(0, "127.0.0.1", () => {
  mkdirSync(`${home}/app`, { recursive: true });
  mkdirSync(`${home}/.qwen`);
  writeFileSync(`${home}/.qwen/settings.json`, JSON.stringify({
    security: { auth: { selectedType: "openai" } }, telemetry: { enabled: false }, privacy: { usageStatisticsEnabled: false },
  }));
  const lines = Array.from({ length: 1000 }, (_, i) => `line ${String(i).padStart(4, "0")} of a long file\n`);
  writeFileSync(file, lines.join(""));
  const env = { PATH: process.env.PATH, HOME: home, OPENAI_API_KEY: "none", OPENAI_MODEL: "m",
    OPENAI_BASE_URL: `http://127.0.0.1:${server.address().port}/v1` };
  spawn(process.execPath, [cli, "-y", "-p", "Change the file."], { cwd: `${home}/app`, env, stdio: "ignore" })
    .on("exit", () => server.close(report));
});
function report() {
  const projects = `${home}/.qwen/projects`;
  const chats = `${projects}/${readdirSync(projects)[0]}/chats`;
  const name = readdirSync(chats).find((name) => name.endsWith(".jsonl"));
  const records = readFileSync(`${chats}/${name}`, "utf8").trim().split("\n").map(JSON.parse);
  const shown = records.map(({ toolCallResult }) => toolCallResult?.resultDisplay)
    .find((display) => display?.newContent !== undefined);
  const { originalContent: before, newContent: after, fileDiff } = shown;
  const [old, young] = [before, after].map((text) => text.split("\n"));
  const added = young.filter((line) => !old.includes(line));
  const removed = old.filter((line) => !young.includes(line));
  console.log(`the file: 25000 characters; originalContent: ${before.length}, newContent: ${after.length}`);
  console.log("guess: their difference is the edit: +2 −1");
  console.log(`seen: +${added.length} −${removed.length}, such as ${JSON.stringify(added.at(-1))}`);
  console.log(`fileDiff: +${fileDiff.match(/^\+(?!\+\+)/gm).length} −${fileDiff.match(/^-(?!--)/gm).length}`);
  process.exit(before.length === 16000 && shown.newContentTruncated && added.length > 2 && removed.length > 1 ? 0 : 1);
}
MODEL
echo "Qwen Code $("$node" -p 'require("./node_modules/@qwen-code/qwen-code/package.json").version')"
"$node" model.mjs "$dir/node_modules/@qwen-code/qwen-code/cli.js" "$dir/home"
