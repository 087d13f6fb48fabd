import type { Loom } from "../lib/client/loom/use_loom.ts";
import { type Preset, presetOf, PRESETS } from "../lib/client/loom/view.ts";

const NAMES: Record<Preset, string> = {
  day: "Day",
  week: "Week",
  month: "Month",
  quarter: "Quarter",
  all: "All",
};

/** Chooses how much of a loom is seen, and leads to the same as a table. */
export function LoomToolbar({ loom, table }: { loom: Loom; table: string }) {
  const view = loom.view.value;
  const current = view === null ? null : presetOf(view, loom.bounds());
  return (
    <div class="loom-toolbar">
      <div role="group" aria-label="How much of the loom is seen" class="loom-presets">
        {(Object.keys(PRESETS) as Preset[]).map((preset) => (
          <button
            key={preset}
            type="button"
            class="button-tab"
            aria-pressed={preset === current}
            onClick={() => loom.preset(preset)}
          >
            {NAMES[preset]}
          </button>
        ))}
        <button
          type="button"
          class="button-tab"
          aria-label="Zoom out"
          onClick={() => loom.zoom(1 / 2)}
        >
          −
        </button>
        <button type="button" class="button-tab" aria-label="Zoom in" onClick={() => loom.zoom(2)}>
          +
        </button>
      </div>
      <p class="loom-tables">
        <a href={tableHref(table, view)}>As a table</a>
        {table.startsWith("/commits") && (
          <a href={tableHref(table.replace("/commits", "/sessions"), view)}>Sessions in view</a>
        )}
      </p>
    </div>
  );
}

function tableHref(table: string, view: { from: number; to: number } | null): string {
  if (view === null || table.startsWith("#")) return table;
  const [path, query] = table.split("?", 2);
  const params = new URLSearchParams(query);
  params.set("from", new Date(view.from).toISOString());
  params.set("to", new Date(view.to).toISOString());
  return `${path}?${params}`;
}
