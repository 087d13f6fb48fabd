import type { Action, SessionWork } from "../domain/link_facts.ts";

type Edit = Extract<Action, { kind: "edit" }>;

/** How long after a command's difference was taken another session may tell of the same edit. */
const LATER_MS = 10 * 60_000;
/** How long before a command began an edit of another session may have been told of: clocks are read at other moments. */
const EARLIER_MS = 60_000;

/**
 * Takes from sessions what other sessions wrote while a command of theirs ran: its difference of the work tree shows that
 * too. Lines are another session's if its own edit of the same file has them at that time and the command does not name
 * the file.
 */
export function withoutConcurrentEdits(sessions: readonly SessionWork[]): readonly SessionWork[] {
  const sure = new Map<string, { session: number; edit: Edit }[]>();
  let doubtful = false;
  for (const [session, { actions }] of sessions.entries()) {
    for (const edit of actions) {
      if (edit.kind !== "edit") continue;
      if (edit.doubtfulSince !== null) doubtful = true;
      else {
        const known = sure.get(edit.path);
        if (known === undefined) sure.set(edit.path, [{ session, edit }]);
        else known.push({ session, edit });
      }
    }
  }
  if (!doubtful) return sessions;
  return sessions.map((work, session) => ({
    ...work,
    actions: work.actions.flatMap((action) => {
      if (action.kind !== "edit" || action.doubtfulSince === null) return [action];
      const from = action.doubtfulSince - EARLIER_MS;
      const others = (sure.get(action.path) ?? []).filter((other) =>
        other.session !== session && other.edit.at >= from &&
        other.edit.at <= action.at + LATER_MS
      );
      const left = others.reduce((edit, other) => without(edit, other.edit), action);
      return left.added.length + left.removed.length > 0 ? [left] : [];
    }),
  }));
}

/** An edit without the lines that another one has as well. */
function without(edit: Edit, other: Edit): Edit {
  const [added, removed] = [new Set(other.added), new Set(other.removed)];
  return {
    ...edit,
    added: edit.added.filter((line) => !added.has(line)),
    removed: edit.removed.filter((line) => !removed.has(line)),
  };
}
