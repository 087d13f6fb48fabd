#!/bin/sh
# Copilot CLI gives every record of a session's log a random uuid, the head of the log too, which holds the session's id
# and its time of birth. One would guess that a fork's head is a record of its own, and that it names the session it was
# forked from. It has the uuid of the parent's head, but another session's id and another time, and names no parent (a
# sentence for the user's eyes further down does); the commit that it says HEAD is at is the one from when the parent
# began. So an id is no key of a record, and a head is no word on where its session began.
#
# Needs git and script (util-linux), since forks are made in the terminal UI.
set -eu
command -v git >/dev/null && command -v script >/dev/null || exit 2
export PACKAGE=@github/copilot@1.0.102
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >npm.log
npm install --no-fund --no-audit --ignore-scripts "$PACKAGE" >>npm.log 2>&1 || { cat npm.log; exit 2; }
cat > try.mjs <<'JS'
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const [home, app, sessions] = ["home", "home/app", "home/.copilot/session-state"]
  .map((name) => `${process.cwd()}/${name}`);
const git = (...args) => execFileSync("git", ["-C", app, ...args], { encoding: "utf8" }).trim();
const commit = (subject) =>
  git("-c", "user.name=Dev", "-c", "user.email=dev@example.com", "commit", "-q", "--allow-empty", "-m", subject);
mkdirSync(app, { recursive: true });
git("init", "-q");
commit("before the session");

/** A model that says "Done." to everything. */
const model = createServer((request, response) => {
  request.resume().on("end", () => {
    const chunk = (delta, finish_reason) =>
      `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
    response.setHeader("content-type", "text/event-stream");
    response.end(chunk({ role: "assistant", content: "Done." }, null) + chunk({}, "stop") + "data: [DONE]\n\n");
  });
}).listen(0, "127.0.0.1");
await new Promise((listening) => model.on("listening", listening));

const cli = `${process.cwd()}/node_modules/.bin/copilot`;
const ui = spawn("script", ["-qfc", `${cli} --allow-all-tools --allow-all-paths`, "/dev/null"], {
  cwd: app,
  stdio: ["pipe", "ignore", "ignore"],
  env: {
    PATH: process.env.PATH,
    HOME: home,
    TERM: "xterm-256color",
    SHELL: "/bin/sh",
    COPILOT_OFFLINE: "true",
    COPILOT_AUTO_UPDATE: "false",
    COPILOT_PROVIDER_BASE_URL: `http://127.0.0.1:${model.address().port}/v1`,
    COPILOT_PROVIDER_API_KEY: "none",
    COPILOT_MODEL: "m",
  },
});
const logs = () =>
  (existsSync(sessions) ? readdirSync(sessions) : []).map((id) => `${sessions}/${id}/events.jsonl`)
    .filter(existsSync)
    .map((log) => readFileSync(log, "utf8").trim().split("\n").map((line) => JSON.parse(line)));
const type = async (keys) => {
  ui.stdin.write(keys);
  await sleep(1_500);
  ui.stdin.write("\r");
};
const until = async (what, again = async () => {}) => {
  for (let tries = 0; tries < 20 && !what(); tries++) {
    await sleep(3_000);
    if (!what()) await again();
  }
  if (what()) return;
  console.log("the terminal UI could not be driven");
  process.exit(2);
};

await sleep(8_000);
await type(""); // It asks whether the folder is trusted.
await until(
  () => logs().flat().some(({ type }) => type === "assistant.message"),
  () => type("Say something."),
);
commit("while it ran");
await type("/fork");
await until(() => logs().length === 2);
await type("/exit");
await sleep(3_000);
ui.kill();
model.close();
model.closeAllConnections();

const [parent, fork] = logs().sort(([a], [b]) => a.timestamp < b.timestamp ? -1 : 1);
const copied = fork.filter(({ id }) => parent.some((record) => record.id === id));
const show = ({ id, timestamp, data }) =>
  `id ${id}, sessionId ${data.sessionId}, at ${timestamp}, HEAD ${data.context.headCommit.slice(0, 7)}`;
console.log(`Copilot CLI ${fork[0].data.copilotVersion}; HEAD at the time of the fork: ${git("rev-parse", "--short=7", "HEAD")}`);
console.log("guess:  the fork's head has an id of its own, and names the session that it was forked from");
console.log(`parent: ${show(parent[0])}`);
console.log(`fork:   ${show(fork[0])}`);
console.log(`seen:   ${copied.length} of the fork's ${fork.length} records have the parent's ids, the head among them`);
const names = JSON.stringify(fork[0].data).includes(parent[0].data.sessionId);
console.log(`        its head ${names ? "names" : "does not name"} the parent`);
const same = fork[0].id === parent[0].id && fork[0].data.sessionId !== parent[0].data.sessionId &&
  fork[0].data.context.headCommit !== git("rev-parse", "HEAD");
process.exit(same && !names ? 0 : 1);
JS
node try.mjs
