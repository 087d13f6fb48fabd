import { LoomDetails } from "../components/LoomDetails.tsx";
import { LoomToolbar } from "../components/LoomToolbar.tsx";
import { LOOM_KEYS } from "../lib/client/loom/keys.ts";
import { useLoom } from "../lib/client/loom/use_loom.ts";

export interface LoomProps {
  /** What is shown, as a query of `/api/loom`. */
  query: string;
  /** The stretch shown first, Unix milliseconds; null shows everything. */
  from: number | null;
  to: number | null;
  /** The id of a session to trace at first. */
  session: string | null;
  /** Where the same is a table: its query is completed with the stretch in view. */
  table: string;
}

/**
 * Time from left to right: sessions as bars above, commits as dots below, each link a thread between them, heavier the
 * surer it is and dashed where it was inferred.
 */
export default function Loom(props: LoomProps) {
  const loom = useLoom(props);
  const { data, failed } = loom;
  const isEmpty = data.value !== null &&
    data.value.sessions.ids.length + data.value.commits.hashes.length === 0;
  return (
    <figure class="loom" data-loom={data.value === null ? "loading" : "ready"}>
      <LoomToolbar loom={loom} table={props.table} />
      <div
        class="loom-stage"
        data-traced={loom.target.value !== null || undefined}
        tabIndex={0}
        role="application"
        aria-label="Loom: sessions above, commits below, a thread for each link"
        aria-describedby="loom-keys"
        ref={loom.stage}
        onKeyDown={loom.onKeyDown}
        onBlur={() => loom.point(null)}
      >
        <canvas ref={loom.canvas} aria-hidden="true" />
        {data.value === null && !failed.value && <p class="loom-note">Reading the loom...</p>}
        {failed.value && (
          <p class="loom-note">
            The loom could not be read. The same is here <a href={props.table}>as a table</a>.
          </p>
        )}
        {isEmpty && <p class="loom-note">No session and no commit to show yet.</p>}
      </div>
      <p id="loom-keys" class="loom-keys visually-hidden">{LOOM_KEYS}</p>
      <LoomDetails loom={loom} />
    </figure>
  );
}
