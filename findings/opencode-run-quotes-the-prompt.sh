#!/bin/sh
# `opencode run fix the bug` and `opencode run "fix the bug"` are the same command to any reader of its help, since the
# message is "positional". One would guess that both ask the same. With the quotes the shell hands over one argument that
# has spaces, and OpenCode puts quotes around it again: the model is asked, and the session keeps, "fix the bug" with
# the quotes in it, and with a backslash before every quote of its own. Whoever shows or searches prompts has to know.
set -eu
export PACKAGE=opencode-ai@1.18.33
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >npm.log
npm install --no-fund --no-audit "$PACKAGE" >>npm.log 2>&1 || { cat npm.log; exit 2; }
cat > try.mjs <<'JS'
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";

const asked = [];
/** A model that says "Done." to everything. */
const model = createServer((request, response) => {
  let body = "";
  request.on("data", (data) => body += data).on("end", () => {
    const users = JSON.parse(body).messages.filter(({ role }) => role === "user");
    const said = users.at(-1)?.content;
    asked.push(typeof said === "string" ? said : said?.map(({ text }) => text).join(""));
    const chunk = (delta, finish_reason) =>
      `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
    response.setHeader("content-type", "text/event-stream");
    response.end(chunk({ role: "assistant", content: "Done." }, null) + chunk({}, "stop") + "data: [DONE]\n\n");
  });
}).listen(0, "127.0.0.1");
await new Promise((listening) => model.on("listening", listening));

const home = `${process.cwd()}/home`;
mkdirSync(`${home}/app`, { recursive: true });
writeFileSync(`${home}/app/opencode.json`, JSON.stringify({
  model: "mock/m",
  small_model: "mock/m",
  provider: {
    mock: {
      npm: "@ai-sdk/openai-compatible",
      options: { baseURL: `http://127.0.0.1:${model.address().port}/v1`, apiKey: "none" },
      models: { m: { name: "m" } },
    },
  },
}));
const run = (...args) =>
  new Promise((ended) => {
    const child = spawn(`${process.cwd()}/node_modules/.bin/opencode`, args, {
      cwd: `${home}/app`,
      stdio: ["ignore", "pipe", "ignore"],
      env: {
        PATH: process.env.PATH,
        HOME: home,
        OPENCODE_DISABLE_MODELS_FETCH: "1",
        OPENCODE_DISABLE_AUTOUPDATE: "1",
      },
    });
    let said = "";
    child.stdout.on("data", (data) => said += data);
    child.on("exit", () => ended(said));
  });
const promptOf = async (...words) => {
  const events = await run("run", "--format", "json", ...words);
  const session = /"sessionID":"(ses_\w+)"/.exec(events)?.[1];
  if (session === undefined) process.exit(2);
  const { messages } = JSON.parse(await run("export", session));
  return messages.find(({ info }) => info.role === "user").parts.find(({ type }) => type === "text").text;
};

const [apart, whole] = [await promptOf("say", "hi", "there"), await promptOf('say "hi" there')];
model.close();
model.closeAllConnections();
const { version } = JSON.parse(readFileSync("node_modules/opencode-ai/package.json", "utf8"));
console.log(`OpenCode ${version}`);
console.log(`run say hi there      keeps  ${apart}`);
console.log(`run 'say "hi" there'  guess  say "hi" there`);
console.log(`                      seen   ${whole}`);
const expected = String.raw`"say \"hi\" there"`;
console.log(`                      asked  ${asked.find((said) => said === expected) ?? "otherwise"}`);
process.exit(apart === "say hi there" && whole === expected && asked.includes(expected) ? 0 : 1);
JS
node try.mjs
