import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { SyncPanel } from "../components/SyncPanel.tsx";
import { ToastList } from "../components/ToastList.tsx";
import { LivePage } from "../lib/client/live_page.ts";
import { SyncClient } from "../lib/client/sync_client.ts";
import { SyncDetails } from "../lib/client/sync_details.ts";
import { initialSyncState, type SyncTotals } from "../lib/domain/sync_model.ts";
import { describeSync, syncShare } from "../lib/text/sync_messages.ts";

export interface StatusBarProps {
  totals: SyncTotals;
  /** Whether a user sync was running when the page was served. */
  running: boolean;
  /** When the page was served, Unix milliseconds. */
  now: number;
}

/** How often the line's own time ticks, in milliseconds: oftener while something runs. */
const TICK_MS = 5_000;
const RUNNING_TICK_MS = 500;

/** The line at the foot of every page: what is stored, what a sync is doing, and the button that starts one. */
export default function StatusBar({ totals, running, now }: StatusBarProps) {
  const { client, page, details } = useMemo(() => {
    const page = new LivePage();
    const client = new SyncClient(initialSyncState(totals, { running }), () => page.refresh());
    return { client, page, details: new SyncDetails() };
  }, []);
  const clock = useSignal(now);
  const panelOpen = useSignal(false);
  const toggle = useRef<HTMLButtonElement>(null);
  const state = client.state.value;
  const active = state.phase !== "idle";

  useEffect(() => {
    page.open();
    client.open();
    const leave = () => client[Symbol.dispose]();
    const comeBack = (event: PageTransitionEvent) => {
      if (!event.persisted) return;
      // The page shows what its address says, whatever was chosen before it was left.
      for (const form of document.querySelectorAll<HTMLFormElement>("form[method=get]")) {
        form.reset();
      }
      client.open();
      page.refresh();
    };
    addEventListener("pagehide", leave);
    addEventListener("pageshow", comeBack);
    return () => {
      removeEventListener("pagehide", leave);
      removeEventListener("pageshow", comeBack);
      client[Symbol.dispose]();
      page[Symbol.dispose]();
    };
  }, []);

  useEffect(() => {
    const look = () => clock.value = Date.now();
    look();
    const tick = setInterval(look, active && panelOpen.value ? RUNNING_TICK_MS : TICK_MS);
    return () => clearInterval(tick);
  }, [active, panelOpen.value]);

  useEffect(() => {
    if (panelOpen.value) details.refresh();
  }, [panelOpen.value, state]);

  const closePanel = () => {
    panelOpen.value = false;
    toggle.current?.focus();
  };

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
      <button
        ref={toggle}
        type="button"
        class="button needs-script"
        aria-expanded={panelOpen.value}
        aria-controls="sync-panel"
        onClick={() => panelOpen.value = !panelOpen.value}
      >
        Details
      </button>
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
      <section
        id="sync-panel"
        class="sync-panel"
        aria-label="Syncs"
        tabIndex={0}
        hidden={!panelOpen.value}
        onKeyDown={(event) => event.key === "Escape" && closePanel()}
      >
        {panelOpen.value && <SyncPanel details={details} now={clock.value} />}
      </section>
      <ToastList toasts={client.toasts} onRetry={() => client.trigger()} />
    </footer>
  );
}
