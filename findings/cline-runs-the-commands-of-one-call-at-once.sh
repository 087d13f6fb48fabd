#!/bin/sh
# Cline's tool run_commands takes a list of commands. One would guess that they run one after the other, as they are
# listed: "git add -A", "git commit -m x". They all start at once, and are told apart only by their text: strings that
# make one heredoc together are joined to one command, so that a call has fewer results than commands.
set -eu
export PACKAGE=@cline/core@0.0.86 # what cline@3.0.65 depends on
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >npm.log
npm install --no-fund --no-audit --ignore-scripts "$PACKAGE" >>npm.log 2>&1 || { cat npm.log; exit 2; }
cat > try.mjs <<'JS'
import { createDefaultExecutors, createDefaultTools } from "@cline/core";
import { readFileSync } from "node:fs";

const cwd = process.cwd();
const { version } = JSON.parse(readFileSync("node_modules/@cline/core/package.json", "utf8"));
const tools = createDefaultTools({ cwd, executors: createDefaultExecutors(), enableBash: true });
const { execute } = tools.find(({ name }) => name === "run_commands");
const context = { sessionId: "s", agentId: "a", conversationId: "c", iteration: 1 };
const run = (commands) => execute({ commands }, context);

await run(["sleep 1; echo first >> order.txt", "echo second >> order.txt"]);
const order = readFileSync("order.txt", "utf8").trim().split("\n").join(", ");
const results = await run(["cat <<END", "in the heredoc", "END", "echo after it"]);
const queries = results.map(({ query }) => JSON.stringify(query)).join(" and ");

console.log(`@cline/core ${version}`);
console.log("guess: [\"sleep 1; echo first\", \"echo second\"] writes first, second; four strings have four results");
console.log(`seen:  ${order}; ${results.length} results: ${queries}`);
process.exit(order === "second, first" && results.length === 2 ? 0 : 1);
JS
node try.mjs
