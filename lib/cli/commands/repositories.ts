import { resolve } from "node:path";
import { isFolder } from "../../fs/files.ts";
import { findOwner } from "../../fs/lock_file.ts";
import { shellWord } from "../../shell/quote.ts";
import { everyItem } from "../../queries/query.ts";
import { aliases, repositories as repositoryList } from "../../queries/repositories.ts";
import type { RepositorySummary } from "../../store/shapes.ts";
import { type AliasChange, changeAlias } from "../../store/write/repository_aliases.ts";
import { formatCounted } from "../../text/format.ts";
import { isWindowsPath } from "../../text/paths.ts";
import { type Call, type Command, CommandFailure, EXIT, UsageError } from "../command.ts";
import { LIST_FLAGS, openReading, repositoryOf } from "../reading.ts";
import { requestServer } from "../server_client.ts";
import { type Cell, printTable } from "../table.ts";
import { heldMessage, runWithLock } from "../with_lock.ts";

/** `ascribe repositories` */
export const repositories: Command = {
  name: "repositories",
  summary: "List the repositories, or say where one has moved",
  usage: "repositories [alias OLD [NEW]] [--repository NAME|.] [--json]",
  details: "Lists the repositories that sessions worked in.\n\n" +
    "repositories alias OLD NEW says that what sessions saw at OLD is at NEW now; without NEW the\n" +
    "alias is removed. Used from the next sync.",
  flags: {
    json: { type: "boolean", help: "print one JSON object" },
    repository: LIST_FLAGS.repository,
  },
  words: { min: 0, max: 3 },
  async run(call) {
    const [verb, oldPath, newPath] = call.rest;
    if (verb === undefined || (verb === "list" && oldPath === undefined)) return await list(call);
    if (verb === "alias" && oldPath !== undefined) {
      return await alias(call, { oldPath, newPath });
    }
    const typed = call.rest.join(" ");
    throw new UsageError(`ascribe repositories ${typed} is no command: type ascribe ${this.usage}`);
  },
};

async function list(call: Call): Promise<number> {
  const { output, flags } = call;
  using context = openReading(call);
  const found = await everyItem(repositoryList, context);
  const only = await repositoryOf(context, flags.text("repository"));
  const shown = found.filter(({ id }) => only === undefined || id === only);
  const moved = await aliases.run(context, {});
  if (flags.on("json")) {
    output.print(JSON.stringify({ repositories: shown, ...moved }));
    return EXIT.ok;
  }
  await printTable(
    output,
    [{ head: "Repository", style: "session" }, { head: "Folder" }, { head: "State" }],
    shown.map(repositoryRow),
  );
  for (const { oldPath, newPath } of moved.aliases) output.print(`${oldPath} is at ${newPath} now`);
  for (const { oldPath, newPath } of moved.suggestions) {
    const command = `ascribe repositories alias ${shellWord(oldPath)} ${shellWord(newPath)}`;
    output.log(`${oldPath} may have moved: ${command}`);
  }
  return EXIT.ok;
}

function repositoryRow(repository: RepositorySummary): Cell[] {
  const { name, path, commits, sessionCount, failure } = repository;
  const state = failure === null
    ? `${formatCounted(commits.total, "commit")}, ${commits.linked} linked, ${
      formatCounted(sessionCount, "session")
    }`
    : failure.message;
  return [name, path, state];
}

async function alias(
  call: Call,
  words: { oldPath: string; newPath: string | undefined },
): Promise<number> {
  const oldPath = wholePath(words.oldPath);
  const newPath = words.newPath === undefined ? null : wholePath(words.newPath);
  if (oldPath === newPath) throw new UsageError(`${oldPath} cannot have moved to itself`);
  const change = { oldPath, newPath };
  if (change.newPath !== null && !isFolder(change.newPath)) {
    throw new UsageError(`There is no folder ${change.newPath}`);
  }
  const outcome = await runWithLock(call, ({ db }) => changeAlias(db, change));
  if (outcome.kind === "held") await changeRemotely(call, change);
  else if (!outcome.result) throw new CommandFailure(`There is no alias for ${oldPath}.`);
  if (call.flags.on("json")) call.output.print(JSON.stringify(change));
  else call.output.print("Alias saved; used from the next sync.");
  return EXIT.ok;
}

/** Has the server that owns the data folder do it. */
async function changeRemotely({ config }: Call, change: AliasChange): Promise<void> {
  const owner = findOwner(config.dataDir);
  const address = owner?.address ?? null;
  if (address === null) throw new CommandFailure(heldMessage(config.dataDir, owner));
  const { oldPath, newPath } = change;
  const { token } = config;
  if (newPath === null) {
    const query = new URLSearchParams({ oldPath });
    const path = `/api/repositories/aliases?${query}`;
    await requestServer(address, { path, method: "DELETE", token });
  } else {
    const path = "/api/repositories/aliases";
    await requestServer(address, { path, method: "PUT", token, body: change });
  }
}

/** A folder's whole path: sessions on Windows saw folders that this system cannot resolve. */
function wholePath(word: string): string {
  if (word.trim() === "") throw new UsageError('"" names no folder: give its path');
  return isWindowsPath(word) ? word : resolve(word);
}
