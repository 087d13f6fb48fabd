import { join, resolve } from "node:path";
import { copyFolder } from "./sample.ts";

/** What keeps git from starting a second process after a commit, to no use here. */
export const WITHOUT_UPKEEP: readonly string[] = [
  "-c",
  "maintenance.auto=false",
  "-c",
  "gc.auto=0",
];

const templates = new Map<string, Promise<string>>();

/**
 * Copies a folder that is made once for all tests of a process: a repository costs one process of git or several.
 *
 * @param name What tells it from the others.
 * @param make Fills an empty folder.
 */
export async function fromTemplate(
  name: string,
  make: (folder: string) => Promise<unknown>,
  to: string,
): Promise<void> {
  let template = templates.get(name);
  if (template === undefined) templates.set(name, template = makeTemplate(make));
  copyFolder(await template, to);
}

async function makeTemplate(make: (folder: string) => Promise<unknown>): Promise<string> {
  const folder = Deno.makeTempDirSync({ prefix: "ascribe-template-" });
  globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
  await make(folder);
  return folder;
}

/** The commit that a working folder stands at, as its reflog says: without a process. */
export function tipOf(folder: string): string {
  const path = join(folder, ".git");
  const gitDir = Deno.statSync(path).isFile
    ? resolve(folder, Deno.readTextFileSync(path).replace(/^gitdir: /, "").trim())
    : path;
  const log = Deno.readTextFileSync(join(gitDir, "logs/HEAD")).trimEnd();
  return log.slice(log.lastIndexOf("\n") + 1).split(" ")[1];
}
