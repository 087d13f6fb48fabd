import type { Claim, LinkRule } from "../claim.ts";
import type { LinkContext } from "../context.ts";
import type { Activity } from "../facts.ts";
import { isGenerated, sameFile } from "../files.ts";
import { basename } from "../paths.ts";

/** How long after an activity's end a commit may still be of its edits. */
const AFTER_MS = 30 * 60_000;
/** git keeps whole seconds. */
const SECOND_MS = 1_000;
/** Every file of the commit was edited by the session just before. */
const STRENGTH = 0.75;

interface FileEdit {
  session: number;
  path: string;
  at: number;
  /** The end of the activity that the edit belongs to. */
  endedAt: number;
}

/** The commit touches files that the session edited in an activity that ended at most 30 minutes before. */
export const files: LinkRule = { rule: "files", prepare };

function prepare(context: LinkContext): (commit: number) => Claim[] {
  const edits = editsByName(context);
  return (commit) => {
    const facts = context.commit(commit);
    const paths = facts.parents.length > 1 ? [] : context.paths(commit) ?? [];
    if (paths.length === 0) return [];
    const touched = new Map<number, { paths: string[]; lastAt: number }>();
    for (const path of paths) {
      for (const edit of edits.get(basename(path).toLowerCase()) ?? []) {
        if (edit.at > facts.authorAt + SECOND_MS || facts.authorAt > edit.endedAt + AFTER_MS) {
          continue;
        }
        if (!sameFile(edit.path, path)) continue;
        const known = touched.get(edit.session) ?? { paths: [], lastAt: 0 };
        if (known.paths.at(-1) !== path) known.paths.push(path);
        known.lastAt = Math.max(known.lastAt, edit.at);
        touched.set(edit.session, known);
      }
    }
    const latest = Math.max(0, ...[...touched.values()].map(({ lastAt }) => lastAt));
    return [...touched].map(([session, { paths: edited, lastAt }]): Claim => ({
      session,
      strength: STRENGTH * Math.sqrt(edited.length / paths.length) * (lastAt === latest ? 1 : 0.7),
      evidence: {
        rule: "files",
        files: edited.slice(0, 8),
        fileCount: edited.length,
        of: paths.length,
        lastAt,
      },
    }));
  };
}

function editsByName(context: LinkContext): Map<string, FileEdit[]> {
  const edits = new Map<string, FileEdit[]>();
  context.facts.sessions.forEach(({ acts, activities }, session) => {
    for (const act of acts) {
      if (act.kind !== "edit" || isGenerated(act.path)) continue;
      const name = basename(act.path).toLowerCase();
      const edit: FileEdit = {
        session,
        path: act.path,
        at: act.at,
        endedAt: endOf(activities, act.at),
      };
      const known = edits.get(name);
      if (known === undefined) edits.set(name, [edit]);
      else known.push(edit);
    }
  });
  return edits;
}

function endOf(activities: readonly Activity[], at: number): number {
  return activities.find(({ startedAt, endedAt }) => at >= startedAt && at <= endedAt)?.endedAt ??
    at;
}
