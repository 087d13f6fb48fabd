import { AgentMark } from "./Agent.tsx";
import { COMMIT_KINDS, type LoomData } from "../lib/domain/loom.ts";
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { formatCount, formatCounted, formatShare } from "../lib/text/format.ts";

import type { LoomTarget } from "../lib/client/loom/index.ts";
import { useDates } from "../lib/client/use_dates.ts";
import { type Loom, targetHref } from "../lib/client/loom/use_loom.ts";
import { maskSecrets } from "../lib/secrets/secrets.ts";
import { Explained } from "./Explained.tsx";

const KIND_WORDS = {
  linked: "",
  unlinked: "No session is linked with it.",
  elsewhere: "By somebody else.",
};
const MOST_ENDS = 4;
const HELD =
  "What the loom holds, whatever part of it is in view: sessions, commits that a branch or tag holds, and pairs of both. Of very many commits only the newest are held.";

/** Under the loom: both ends of the thread that is traced, or what the signs mean. */
export function LoomDetails({ loom }: { loom: Loom }) {
  const data = loom.data.value;
  const target = loom.target.value;
  return (
    <figcaption class="loom-details" aria-live="polite">
      {data !== null && target !== null
        ? <Traced data={data} target={target} links={loom.linksOf(target)} />
        : <Legend data={data} />}
    </figcaption>
  );
}

function Legend({ data }: { data: LoomData | null }) {
  return (
    <p class="facts faint">
      <span class="key-line">recorded</span>
      <span class="key-line key-dashed">inferred</span>
      <span class="key-dot">commit with a session</span>
      <span class="key-dot key-hollow">without</span>
      <span class="key-dot key-small">by others</span>
      {data !== null && (
        <Explained says={HELD}>
          {formatCounted(data.sessions.ids.length, "session")},{" "}
          {formatCounted(data.commits.hashes.length, "commit")},{" "}
          {formatCounted(data.links.sessions.length, "link")}
          {data.cut && ", the newest"}
        </Explained>
      )}
    </p>
  );
}

interface TracedProps {
  data: LoomData;
  target: LoomTarget;
  links: number[];
}

function Traced({ data, target, links }: TracedProps) {
  if (target.kind === "session") {
    return (
      <>
        <SessionEnd data={data} session={target.place} />
        {links.slice(-MOST_ENDS).reverse().map((link) => (
          <CommitEnd key={link} data={data} commit={data.links.commits[link]} link={link} />
        ))}
        {links.length > MOST_ENDS && (
          <p class="faint">and {formatCount(links.length - MOST_ENDS)} more commits</p>
        )}
        {links.length === 0 && <p class="faint">No commit is linked with it.</p>}
      </>
    );
  }
  const commit = target.kind === "commit" ? target.place : data.links.commits[target.place];
  return (
    <>
      <CommitEnd data={data} commit={commit} />
      {links.map((link) => (
        <SessionEnd key={link} data={data} session={data.links.sessions[link]} link={link} />
      ))}
      {links.length === 0 && (
        <p class="faint">{KIND_WORDS[COMMIT_KINDS[data.commits.kinds[commit]]]}</p>
      )}
    </>
  );
}

function SessionEnd(
  { data, session, link }: { data: LoomData; session: number; link?: number },
) {
  const { titles, agents, starts, ends } = data.sessions;
  const dates = useDates();
  return (
    <p class="loom-end">
      <span class="loom-end-kind">Session</span>{" "}
      <a dir="auto" class="quoted" href={targetHref(data, { kind: "session", place: session })}>
        <AgentMark agent={agents[session]} />
        {titles[session] || "Untitled session"}
      </a>{" "}
      <span class="faint">
        {dates.minute(starts[session])} to {dates.minute(ends[session])}
      </span>
      {link !== undefined && <Sureness data={data} link={link} />}
    </p>
  );
}

function CommitEnd({ data, commit, link }: { data: LoomData; commit: number; link?: number }) {
  const hash = data.commits.hashes[commit];
  const repository = data.repositories[data.commits.repositories[commit]];
  const subject = useSubject(hash, repository.id);
  const dates = useDates();
  return (
    <p class="loom-end">
      <span class="loom-end-kind">Commit</span>{" "}
      <a class="quoted" href={targetHref(data, { kind: "commit", place: commit })}>
        <code class="hash">{hash.slice(0, 8)}</code> <span dir="auto">{subject}</span>
      </a>{" "}
      <span class="faint">
        {repository.name}, {dates.minute(data.commits.times[commit])}
      </span>
      {link !== undefined && <Sureness data={data} link={link} />}
    </p>
  );
}

function Sureness({ data, link }: { data: LoomData; link: number }) {
  const tier = data.links.tiers[link];
  return (
    <span class="loom-sureness">
      {" "}
      {tier === 1 ? "recorded" : "inferred"}, {formatShare(data.links.confidences[link])} sure
    </span>
  );
}

const subjects = new Map<string, string>();
const LINGER_MS = 60;

/** A commit's subject, which the loom's data leaves out: asked for once the pointer lingers. */
function useSubject(hash: string, repository: string): string {
  const key = `${repository}/${hash}`;
  const loaded = useSignal("");
  useEffect(() => {
    loaded.value = subjects.get(key) ?? "";
    if (subjects.has(key)) return;
    const left = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const { signal } = left;
        const response = await fetch(`/api/commits/${hash}?repository=${repository}`, { signal });
        const commit = await response.json();
        loaded.value = maskSecrets(commit.subject ?? "");
        subjects.set(key, loaded.value);
      } catch {
        // The pointer went on, or the server is gone: the hash and the time stand there.
      }
    }, LINGER_MS);
    return () => {
      clearTimeout(timer);
      left.abort();
    };
  }, [key]);
  return loaded.value;
}
