import { rangeOf } from "../time/typed_time.ts";
import { defineQuery, defineStream, type Input } from "./query.ts";

/** Links between sessions and commits, the newest first. */
export const links = defineQuery("links", async ({ reads }, input) => {
  return await reads.links(input);
});

/** Every link, the oldest commit first. */
export const everyLink = defineStream("everyLink", ({ reads }, input) => {
  return reads.everyLink(input);
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
  return { repository, sessionId: session, landed, ...rangeOf(input) };
}
