import { pageOf } from "../store/read/page.ts";
import type { RepositorySummary } from "../store/shapes.ts";
import { defineQuery, type Input, type QueryContext, QueryError } from "./query.ts";

/** Repositories with their counts, folders and last scan, by name. */
export const repositories = defineQuery("repositories", async ({ reads }, input) => {
  return pageOf(await reads.repositories(), input);
});

/** The names of all repositories. */
export const repositoryNames = defineQuery("repositoryNames", async ({ reads }) => {
  return await reads.repositoryNames();
});

/** A repository, and what came of the lines that sessions wrote in it. */
export const repository = defineQuery("repository", async (context, { id }) => {
  const found = await findRepository(context, id);
  return { repository: found, landed: await context.reads.landedOfRepository(found.id) };
});

/** Folders that have moved, and those that look like it. */
export const aliases = defineQuery("aliases", async ({ machine }) => {
  if (machine === null) return { aliases: [], suggestions: [] };
  return { aliases: await machine.aliases(), suggestions: await machine.moveSuggestions() };
});

/**
 * Finds a repository.
 *
 * @throws {QueryError} If none has this id.
 */
export async function findRepository(
  { reads }: QueryContext,
  id: Input<"repository">["id"],
): Promise<RepositorySummary> {
  const found = await reads.repository(id);
  if (found !== undefined) return found;
  throw new QueryError("notFound", "No repository has this id.", { listedBy: "repositories" });
}
