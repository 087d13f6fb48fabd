import type { Project } from "../store/shapes.ts";
import { rangeOf } from "../time/typed_time.ts";
import { pageOf } from "../store/read/page.ts";
import { defineQuery, type Input, type QueryContext, QueryError } from "./query.ts";

/** Folders that sessions were started in, the one worked in last first. */
export const projects = defineQuery("projects", async ({ reads }, input) => {
  return pageOf(await reads.projects(), input);
});

/** One of them. */
export const project = defineQuery("project", (context, { id }) => findProject(context, id));

/** Sessions of a project. */
export const projectSessions = defineQuery("projectSessions", async (context, { id, ...input }) => {
  const { reads } = context;
  await findProject(context, id);
  return await reads.sessions(sessionOptions({ ...input, project: id }));
});

/** Sessions, by default the one that ended last first. */
export const sessions = defineQuery("sessions", async ({ reads }, input) => {
  return await reads.sessions(sessionOptions(input));
});

/** A session with its prompts, commits and sources. */
export const session = defineQuery("session", async ({ reads }, { id, prompts }) => {
  return await reads.session(id, { skipPrompts: prompts }) ?? noSession();
});

/** The files that a session edited. */
export const sessionFiles = defineQuery("sessionFiles", async ({ reads }, { id }) => {
  return await reads.filesOfSession(id);
});

/** @throws {QueryError} */
export function noSession(): never {
  throw new QueryError("notFound", "No session has this id.", { listedBy: "sessions" });
}

async function findProject({ reads }: QueryContext, id: Project["id"]): Promise<Project> {
  const found = (await reads.projects()).find((project) => project.id === id);
  if (found !== undefined) return found;
  throw new QueryError("notFound", "No project has this id.", { listedBy: "projects" });
}

function sessionOptions({ from, to, timeZone, ...options }: Input<"sessions">) {
  return { ...options, ...rangeOf({ from, to, timeZone }) };
}
