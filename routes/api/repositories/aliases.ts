import { define } from "../../../define.ts";
import { isFolderAsync } from "../../../lib/fs/files.ts";
import { readJson } from "../../../lib/http/body.ts";
import { errorResponse } from "../../../lib/http/errors.ts";
import { listAliases, suggestMoves } from "../../../lib/store/write/repository_aliases.ts";
import { isWholePath, normalPath } from "../../../lib/text/paths.ts";

export const handler = define.handlers({
  GET: ({ state: { store } }) =>
    Response.json({ aliases: listAliases(store), suggestions: suggestMoves(store) }),

  async PUT({ state, req }) {
    const body = await readJson(req);
    if (body.kind === "refused") return body.response;
    const { oldPath, newPath } = (body.value ?? {}) as { oldPath?: unknown; newPath?: unknown };
    if (!isPath(oldPath) || !isPath(newPath)) {
      return errorResponse(400, "oldPath and newPath must be absolute paths of folders.");
    }
    if (!await isFolderAsync(newPath)) return errorResponse(400, `There is no folder ${newPath}.`);
    await state.gitSync.changeAlias({ oldPath, newPath });
    return Response.json({ oldPath, newPath });
  },

  async DELETE({ state, url }) {
    const oldPath = url.searchParams.get("oldPath");
    const known = listAliases(state.store).some((alias) =>
      alias.oldPath === normalPath(oldPath ?? "")
    );
    if (oldPath === null || !known) {
      return errorResponse(
        404,
        `There is no alias for ${oldPath ?? "a folder that is not named"}.`,
      );
    }
    await state.gitSync.changeAlias({ oldPath, newPath: null });
    return Response.json({ oldPath, newPath: null });
  },
});

function isPath(value: unknown): value is string {
  return typeof value === "string" && value.length <= 4_096 && isWholePath(value) &&
    !value.includes("\0");
}
