#!/bin/sh
# Gemini CLI 0.61.0 gives every message of a session an id, random uuids as it seems, by which one would know a message
# wherever it is copied to. The first message of every session has the same id in all sessions, since it is a hash of
# what the message is for: told apart by ids, any two sessions look like copies of each other. It carries the session's
# surroundings in the user's name; no prompt stands in it.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund --prefix "$dir" node@22.23.3 @google/gemini-cli@0.61.0 >/dev/null 2>&1
node="$dir/node_modules/node/bin/node"
cat >model.mjs <<'MODEL'
// A model that answers "Done." to everything.
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
const [cli, home] = process.argv.slice(2);
const answer = JSON.stringify({
  candidates: [{ content: { role: "model", parts: [{ text: "Done." }] }, finishReason: "STOP", index: 0 }],
  usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 2, totalTokenCount: 12 },
});
const server = createServer((request, response) => {
  request.resume().on("end", () => {
    if (!request.url.includes("streamGenerateContent")) return response.end(answer);
    response.setHeader("content-type", "text/event-stream");
    response.end(`data: ${answer}\n\n`);
  });
}).listen(0, "127.0.0.1", async () => {
  mkdirSync(`${home}/app`, { recursive: true });
  mkdirSync(`${home}/.gemini`);
  writeFileSync(`${home}/.gemini/settings.json`, JSON.stringify({
    security: { auth: { selectedType: "gemini-api-key" } }, telemetry: { enabled: false },
    privacy: { usageStatisticsEnabled: false },
  }));
  const env = { PATH: process.env.PATH, HOME: home, GEMINI_API_KEY: "none",
    GOOGLE_GEMINI_BASE_URL: `http://127.0.0.1:${server.address().port}` };
  for (const prompt of ["Say something.", "Say something else."]) {
    await new Promise((ended) => spawn(process.execPath, [cli, "-y", "--skip-trust", "-p", prompt],
      { cwd: `${home}/app`, env, stdio: "ignore" }).on("exit", ended));
  }
  server.close();
  server.closeAllConnections();
  const chats = `${home}/.gemini/tmp/app/chats`;
  const sessions = readdirSync(chats).map((name) => {
    const records = readFileSync(`${chats}/${name}`, "utf8").trim().split("\n").map(JSON.parse);
    const messages = records.flatMap((record) => record.$set?.messages ?? (record.id ? [record] : []));
    return { session: records[0].sessionId, ids: [...new Set(messages.map(({ id }) => id))] };
  });
  console.log("guess: no id stands in both sessions");
  for (const { session, ids } of sessions) console.log(`seen: session ${session}: ${ids.join(" ")}`);
  const [first, second] = sessions;
  const shared = first.ids.filter((id) => second.ids.includes(id));
  console.log(`in both: ${shared.join(" ")}`);
  process.exit(first.session !== second.session && shared.length === 1 && shared[0] === first.ids[0] ? 0 : 1);
});
MODEL
echo "Gemini CLI $("$node" -p 'require("./node_modules/@google/gemini-cli/package.json").version')"
"$node" model.mjs "$dir/node_modules/@google/gemini-cli/bundle/gemini.js" "$dir/home"
