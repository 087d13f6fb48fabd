import { define } from "../../../define.ts";
import { plainName } from "../../../lib/store/write/distinct_names.ts";
import { listRepositories } from "../../../lib/store/read/repositories.ts";

export const handler = define.handlers({
  GET({ state }) {
    const { runId, list } = state.gitSync.repositories;
    const known = new Map(listRepositories(state.store).map((it) => [it.path, it]));
    const items = list.map(({ repo, state, message }) => ({
      id: known.get(repo)?.id ?? null,
      name: known.get(repo)?.name ?? plainName(repo),
      path: repo,
      state,
      message,
    }));
    return Response.json({ runId, items });
  },
});
