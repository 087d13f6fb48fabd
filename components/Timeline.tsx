import { useDates } from "../lib/client/use_dates.ts";
import type { CommitSize } from "../lib/git/read/queries.ts";
import type { TimelineEntry } from "../lib/queries/schemas.ts";
import { hasWork } from "../lib/queries/timeline.ts";
import type { CommitOfSession, SessionPrompt, WorkCounts, WorkItem } from "../lib/store/shapes.ts";
import { formatCount, formatCounted, formatDuration } from "../lib/text/format.ts";
import { EvidenceList, TierMark } from "./EvidenceList.tsx";
import { commitHref, commitTitle, Hash } from "./Hash.tsx";
import { Secrets } from "./Secrets.tsx";
import { Time } from "./Time.tsx";

/** A session from its first prompt to its last, with each commit at the moment it was made. */
export function Timeline({ entries }: { entries: TimelineEntry[] }) {
  const dates = useDates();
  let day = "";
  return (
    <ol class="timeline">
      {entries.map((entry) => {
        const { at } = entry;
        const today = dates.day(Date.parse(at));
        const isNewDay = entry.kind !== "pause" && today !== day;
        if (isNewDay) day = today;
        return (
          <>
            {isNewDay && (
              <li key={`day-${day}`} class="timeline-day">
                <Time at={at} as="day" />
              </li>
            )}
            <Entry key={keyOf(entry)} entry={entry} at={at} />
          </>
        );
      })}
    </ol>
  );
}

function Entry({ entry, at }: { entry: TimelineEntry; at: string }) {
  switch (entry.kind) {
    case "prompt":
      return <PromptEntry {...entry} />;
    case "commit":
      return <CommitEntry commit={entry.commit} copies={entry.copies} size={entry.size} />;
    case "pause":
      return <li class="timeline-pause">Pause of {formatDuration(entry.lengthMs)}</li>;
    case "work":
      return (
        <li class="timeline-entry">
          <Time at={at} as="clock" />
          <div>
            <Work work={entry.work} />
          </div>
        </li>
      );
    default:
      return entry satisfies never;
  }
}

function PromptEntry(
  { prompt, number, items }: { prompt: SessionPrompt; number: number; items: WorkItem[] },
) {
  return (
    <li class="timeline-entry timeline-prompt" id={`prompt-${prompt.id}`}>
      <a class="timeline-time" href={`#prompt-${prompt.id}`} title={`Prompt ${number}`}>
        <Time at={prompt.at} as="clock" />
      </a>
      <div>
        <blockquote dir="auto" class="prompt" tabIndex={isLong(prompt.text) ? 0 : undefined}>
          <Secrets text={prompt.text.trim() || "(empty)"} />
        </blockquote>
        {prompt.cut && <p class="note">The prompt goes on; its source has all of it.</p>}
        {prompt.copied && <p class="note">Copied from the session that this one continues.</p>}
        {items.length === 0
          ? <Work work={prompt.work} />
          : (
            <details class="fold" id={`work-${prompt.id}`}>
              <summary>
                <Work work={prompt.work} />
              </summary>
              <WorkList items={items} work={prompt.work} />
            </details>
          )}
      </div>
    </li>
  );
}

/** Whether a prompt may be higher than its box, which is then scrolled: by keys too, where it can be focused. */
function isLong(text: string): boolean {
  return text.length > 500 || text.split("\n", 17).length > 16;
}

const ITEM_NAMES: Record<WorkItem["kind"], string> = {
  edit: "edit",
  command: "run",
  skill: "skill",
  commit: "commit",
  published: "publish",
  failure: "failed",
};

function WorkList({ items, work }: { items: WorkItem[]; work: WorkCounts }) {
  const all = work.edits + work.commands + work.commits + work.skills.length + work.failures;
  return (
    <ol class="work-list">
      {items.map((item, i) => (
        <li key={i}>
          <span class="faint">{ITEM_NAMES[item.kind]}</span>{" "}
          <code class="quoted">
            <Secrets text={item.text} />
          </code>
        </li>
      ))}
      {all > items.length && (
        <li class="faint">and {formatCount(all - items.length)} more, in the source</li>
      )}
    </ol>
  );
}

function Work({ work }: { work: WorkCounts }) {
  if (!hasWork(work)) return null;
  const parts = [
    work.edits > 0 &&
    `${formatCounted(work.edits, "edit")} in ${formatCounted(work.files, "file")}`,
    work.commands > 0 && formatCounted(work.commands, "command"),
    work.commits > 0 && `${formatCounted(work.commits, "commit")} reported`,
    work.failures > 0 && `${formatCounted(work.failures, "call")} failed`,
  ].filter(Boolean);
  const skills = [...new Set(work.skills)];
  return (
    <span class="work">
      {parts.join(" · ")}
      {skills.length > 0 && (
        <span class="quoted">{parts.length > 0 && " · "}skills: {skills.join(", ")}</span>
      )}
    </span>
  );
}

function CommitEntry({ commit, copies, size }: {
  commit: CommitOfSession;
  copies: CommitOfSession[];
  size: CommitSize | null;
}) {
  const href = commitHref({ hash: commit.hash, repositoryId: commit.repository.id });
  return (
    <li class="timeline-entry timeline-commit" id={`commit-${commit.hash}`}>
      <span class="timeline-time">
        <Time at={commit.authoredAt} as="clock" />
      </span>
      <div>
        <p>
          <Hash hash={commit.hash} href={href} />{" "}
          <a dir="auto" class="quoted" href={href}>
            {commitTitle(commit.subject)}
          </a>
        </p>
        {copies.length > 0 && (
          <p class="work">
            made again as {copies.map((copy, i) => (
              <span key={copy.hash} id={`commit-${copy.hash}`}>
                {i > 0 && ", "}
                <Hash
                  hash={copy.hash}
                  href={commitHref({ hash: copy.hash, repositoryId: copy.repository.id })}
                />
              </span>
            ))}
          </p>
        )}
        {size !== null && (
          <p class="work">
            {formatCounted(size.files, "file")},{" "}
            <span class="good">+{formatCount(size.added)}</span>{" "}
            <span class="bad">−{formatCount(size.removed)}</span>
          </p>
        )}
        <details class="fold" id={`why-${commit.hash}`}>
          <summary>
            <TierMark tier={commit.linkTier} confidence={commit.confidence} /> Why
            <span class="visually-hidden">{commit.hash.slice(0, 8)} is linked</span>
          </summary>
          <EvidenceList {...commit} tier={commit.linkTier} />
        </details>
      </div>
    </li>
  );
}

function keyOf(entry: TimelineEntry): string {
  switch (entry.kind) {
    case "prompt":
      return `prompt-${entry.prompt.id}`;
    case "commit":
      return `commit-${entry.commit.hash}`;
    default:
      return `${entry.kind}-${entry.at}`;
  }
}
