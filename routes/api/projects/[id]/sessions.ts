import { define } from "../../../../define.ts";
import { errorResponse } from "../../../../lib/http/errors.ts";
import { sessionListParams } from "../../../../lib/http/list_params.ts";
import { answer } from "../../../../lib/http/params.ts";
import { getProject } from "../../../../lib/store/views/projects.ts";
import { listSessions } from "../../../../lib/store/views/session_list.ts";

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
