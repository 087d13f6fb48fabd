import { isFolderAsync } from "../fs/files.ts";
import type { AliasChange } from "../store/write/repository_aliases.ts";
import { isWholePath } from "../text/paths.ts";

/** What a form says about a folder, or what is wrong with it. */
export type AliasOutcome =
  | { kind: "change"; change: AliasChange }
  | { kind: "invalid"; message: string };

const LONGEST = 4_096;

/** Reads `oldPath` and `newPath` of a form. Without `newPath` the alias is taken back. */
export async function parseAlias(form: FormData): Promise<AliasOutcome> {
  const oldPath = textOf(form, "oldPath");
  const newPath = textOf(form, "newPath");
  if (!isPath(oldPath)) {
    return { kind: "invalid", message: "Name the folder by its whole path, as it was." };
  }
  if (newPath === "") return { kind: "change", change: { oldPath, newPath: null } };
  if (!isPath(newPath) || !await isFolderAsync(newPath)) {
    return { kind: "invalid", message: `There is no folder ${newPath}.` };
  }
  return { kind: "change", change: { oldPath, newPath } };
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value.trim() : "";
}

function isPath(text: string): boolean {
  return isWholePath(text) && text.length <= LONGEST && !text.includes("\0");
}
