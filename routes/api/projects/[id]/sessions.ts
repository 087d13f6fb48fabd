import { define } from "../../../../define.ts";
import { errorResponse } from "../../../../lib/http/errors.ts";
import { answer, sessionListParams } from "../../../../lib/http/params.ts";
import { getProject } from "../../../../lib/store/read/projects.ts";
import { listSessions } from "../../../../lib/store/read/session_list.ts";

export const handler = define.handlers({
  GET: (ctx) =>
    answer(() => {
      const project = getProject(ctx.state.store, Number(ctx.params.id));
      if (project === undefined) {
        return errorResponse(404, "No project has this id. GET /api/projects lists them.");
      }
      const options = sessionListParams(ctx.url.searchParams);
      return listSessions(ctx.state.store, { ...options, projectId: project.id });
    }),
});
