#!/bin/sh
# Frames of zstd may follow one another in a file (RFC 8878, section 3: "frames … concatenated"), as members of gzip do:
# `cat a.zst b.zst` is a file of both. One would guess that Deno's node:zlib reads such a file as it reads gzip's, whole.
# zstdDecompressSync gives the first frame and says nothing of the rest. Whoever keeps sessions that their agent
# compressed, Codex's `.jsonl.zst` among them, has to look whether there is more than one frame.
set -eu
export DENO=deno@2.9.6 OTHER=fzstd@0.1.1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >npm.log
npm install --no-fund --no-audit "$DENO" "$OTHER" >>npm.log 2>&1 || { cat npm.log; exit 2; }
cat > try.mjs <<'JS'
import { Buffer } from "node:buffer";
import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { decompress } from "./node_modules/fzstd/esm/index.mjs";

const parts = [Buffer.from("first\n"), Buffer.from("second\n")];
const members = Buffer.concat(parts.map((part) => gzipSync(part)));
const frames = Buffer.concat(parts.map((part) => zstdCompressSync(part)));
const show = (bytes) => JSON.stringify(new TextDecoder().decode(bytes));
const [gzip, other, seen] = [gunzipSync(members), decompress(frames), zstdDecompressSync(frames)];

console.log(`deno ${Deno.version.deno}, two texts compressed one by one and put together`);
console.log(`gzip:   ${show(gzip)}`);
console.log(`fzstd:  ${show(other)}`);
console.log(`guess:  ${show(other)} from node:zlib too`);
console.log(`seen:   ${show(seen)}`);
const all = show(Buffer.concat(parts));
Deno.exit(show(gzip) === all && show(other) === all && show(seen) === show(parts[0]) ? 0 : 1);
JS
DENO_NO_UPDATE_CHECK=1 node_modules/.bin/deno run -q --no-config --allow-read=. try.mjs
