#!/bin/sh
# pi's tool bash reports a command that exits with 1 as an error, with its code. One would guess the same of a command
# that a signal ended (out of memory, a segmentation fault, a timeout of its own): it is reported as a success, and
# nothing in the session tells it from one. So "no error" is no proof that a test run or a commit went through.
set -eu
export PACKAGE=@mariozechner/pi-coding-agent@0.73.1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >npm.log
npm install --no-fund --no-audit --ignore-scripts "$PACKAGE" >>npm.log 2>&1 || { cat npm.log; exit 2; }
cat > try.mjs <<'JS'
import { createBashTool } from "@mariozechner/pi-coding-agent";
import { readFileSync } from "node:fs";

const folder = "node_modules/@mariozechner/pi-coding-agent";
const { version } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
const bash = createBashTool(process.cwd());
const outcome = (command) =>
  bash.execute("call", { command }).then(
    ({ content }) => `success, ${JSON.stringify(content[0].text)}`,
    (error) => `error, ${JSON.stringify(error.message)}`,
  );

const failed = await outcome("echo half of it; exit 1");
const ended = await outcome("echo half of it; kill -TERM $$");

console.log(`pi ${version}`);
console.log(`exit 1:  ${failed}`);
console.log("guess:   a command that SIGTERM ended is an error too");
console.log(`seen:    ${ended}`);
process.exit(failed.startsWith("error") && ended.startsWith("success") ? 0 : 1);
JS
node try.mjs
