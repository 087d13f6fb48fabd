import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { LivePage } from "../lib/client/live_page.ts";
import { SyncClient } from "../lib/client/sync_client.ts";
import { initialSyncState, type SyncTotals } from "../lib/client/sync_model.ts";
import { describeSync, syncShare } from "../lib/client/sync_text.ts";
import { ToastList } from "../components/ToastList.tsx";

/** Props of {@linkcode StatusBar}. */
export interface StatusBarProps {
  totals: SyncTotals;
  /** Whether a user sync was running when the page was served. */
  running: boolean;
  /** When the page was served, Unix milliseconds. */
  now: number;
}

/** How often the line's own time ticks, in milliseconds. */
const TICK_MS = 5_000;

/** The line at the foot of every page: what is stored, what a sync is doing, and the button that starts one. */
export default function StatusBar({ totals, running, now }: StatusBarProps) {
  const { client, page } = useMemo(() => {
    const page = new LivePage();
    const client = new SyncClient(initialSyncState(totals, { running }), () => page.refresh());
    return { client, page };
  }, []);
  const clock = useSignal(now);

  useEffect(() => {
    page.open();
    client.open();
    clock.value = Date.now();
    const tick = setInterval(() => clock.value = Date.now(), TICK_MS);
    const leave = () => client[Symbol.dispose]();
    const comeBack = (event: PageTransitionEvent) => {
      if (!event.persisted) return;
      client.open();
      page.refresh();
    };
    addEventListener("pagehide", leave);
    addEventListener("pageshow", comeBack);
    return () => {
      clearInterval(tick);
      removeEventListener("pagehide", leave);
      removeEventListener("pageshow", comeBack);
      client[Symbol.dispose]();
      page[Symbol.dispose]();
    };
  }, []);

  const state = client.state.value;
  const active = state.phase !== "idle";
  return (
    <footer class="status-bar" role="contentinfo" data-keep>
      {active && (
        <progress
          class="status-progress"
          aria-label="Progress of the sync"
          max={1}
          value={syncShare(state) ?? undefined}
        />
      )}
      <p class="status-text" role="status" aria-live="polite" data-phase={state.phase}>
        {describeSync(state, clock.value)}
      </p>
      {state.offline && <p class="status-offline" role="status">Reconnecting...</p>}
      {active && (
        <button type="button" class="button" onClick={() => client.cancel()}>Cancel</button>
      )}
      <form
        method="post"
        action="/sync"
        onSubmit={(event) => {
          event.preventDefault();
          client.trigger();
        }}
      >
        <button type="submit" class="button">Sync now</button>
      </form>
      <ToastList toasts={client.toasts} onRetry={() => client.trigger()} />
    </footer>
  );
}
