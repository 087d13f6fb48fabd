import { rangeOf } from "../time/typed_time.ts";
import { defineQuery, defineStream, type Input } from "./query.ts";

/** Links between sessions and commits, the newest first. */
export const links = defineQuery("links", async ({ reads }, { repository, ...options }) => {
  return await reads.links({ ...options, repositoryId: repository });
});

/** Every link, the oldest commit first. */
export const everyLink = defineStream("everyLink", ({ reads }, { repository, tier }) => {
  return reads.everyLink({ repositoryId: repository, tier });
});

/** What sessions wrote, file by file, the last edit first. */
export const edits = defineQuery("edits", async ({ reads }, input) => {
  const { limit, cursor } = input;
  return await reads.edits({ ...editFilter(input), limit, cursor });
});

/** How many files sessions wrote, by how much of them is in a commit. */
export const editCounts = defineQuery("editCounts", async ({ reads }, input) => {
  return await reads.countEdits(editFilter(input));
});

/** Every file that a session wrote, the last edit first. */
export const everyEdit = defineStream("everyEdit", ({ reads }, input) => {
  return reads.everyEdit(editFilter(input));
});

function editFilter(input: Input<"editCounts">) {
  const { repository, session, landed } = input;
  return { repositoryId: repository, sessionId: session, landed, ...rangeOf(input) };
}
