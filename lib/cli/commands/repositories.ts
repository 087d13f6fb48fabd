import { resolve } from "node:path";
import { formatCounted } from "../../client/format.ts";
import { findOwner } from "../../lock_file.ts";
import {
  deleteAlias,
  listAliases,
  saveAlias,
  suggestMoves,
} from "../../store/repository_aliases.ts";
import { listRepositories, type RepositorySummary } from "../../store/views/repository_list.ts";
import type { Call, Command } from "../command.ts";
import { CommandFailure, EXIT, UsageError } from "../failure.ts";
import { openForReading } from "../open_for_reading.ts";
import { heldMessage, runAsOwner } from "../own_run.ts";

/** `ascribe repositories` */
export const repositories: Command = {
  name: "repositories",
  summary: "List the repositories, or say where one has moved",
  usage: "repositories [alias OLD [NEW]] [--json]",
  details: "Lists the repositories that sessions worked in.\n\n" +
    "repositories alias OLD NEW says that what sessions saw at OLD is at NEW now; without NEW the\n" +
    "alias is taken back. The next sync looks there.",
  flags: { json: { type: "boolean", help: "print one JSON object" } },
  words: { min: 0, max: 3 },
  async run(call) {
    const [verb, oldPath, newPath] = call.rest;
    if (verb === undefined || verb === "list") return list(call);
    if (verb === "alias" && oldPath !== undefined) {
      return await alias(call, { oldPath: resolve(oldPath), newPath });
    }
    throw new UsageError(`ascribe repositories ${verb} is no command: type ascribe ${this.usage}`);
  },
};

function list({ config, screen, flags }: Call): number {
  using db = openForReading(config);
  const found = listRepositories(db);
  const aliases = listAliases(db);
  const suggestions = suggestMoves(db);
  if (flags.on("json")) {
    screen.out(JSON.stringify({ repositories: found, aliases, suggestions }));
    return EXIT.ok;
  }
  for (const repository of found) screen.out(repositoryLine(repository));
  for (const { oldPath, newPath } of aliases) screen.out(`${oldPath} is at ${newPath} now`);
  for (const { oldPath, newPath } of suggestions) {
    screen.note(`${oldPath} may have moved: ascribe repositories alias ${oldPath} ${newPath}`);
  }
  return EXIT.ok;
}

function repositoryLine(repository: RepositorySummary): string {
  const { name, path, commits, sessionCount, failure } = repository;
  const state = failure === null
    ? `${formatCounted(commits.total, "commit")}, ${commits.linked} linked, ${
      formatCounted(sessionCount, "session")
    }`
    : failure.message;
  return `${name}  ${path}  ${state}`;
}

async function alias(
  call: Call,
  { oldPath, newPath }: { oldPath: string; newPath: string | undefined },
): Promise<number> {
  const { config, screen, flags } = call;
  const outcome = await runAsOwner(call, ({ db }) => {
    if (newPath === undefined) return deleteAlias(db, oldPath);
    const folder = resolve(newPath);
    if (!isFolder(folder)) throw new UsageError(`There is no folder ${folder}`);
    saveAlias(db, { oldPath, newPath: folder });
    return true;
  });
  if (outcome.kind === "held") {
    const address = findOwner(config.dataDir)?.address;
    throw new CommandFailure(
      address === undefined || address === null
        ? heldMessage(config.dataDir, outcome.owner)
        : `Ascribe is serving ${config.dataDir} at ${address}. Stop it first, then give the alias.`,
    );
  }
  if (!outcome.result) throw new CommandFailure(`There is no alias for ${oldPath}`);
  const said = newPath === undefined
    ? { oldPath, newPath: null }
    : { oldPath, newPath: resolve(newPath) };
  if (flags.on("json")) screen.out(JSON.stringify(said));
  else screen.out("Kept. The next sync looks there.");
  return EXIT.ok;
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
