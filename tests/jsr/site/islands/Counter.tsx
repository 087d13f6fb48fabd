import type { ReadonlySignal, Signal } from "@preact/signals";
import { Stepper } from "./Stepper.tsx";

export default function Counter({ id, count }: { id: string; count: Signal<number> }) {
  return (
    <div id={id}>
      <output>{count}</output>
      <Stepper count={count} />
    </div>
  );
}

export function Doubled({ doubled }: { doubled: ReadonlySignal<number> }) {
  const assign = () => {
    try {
      (doubled as Signal<number>).value = 1;
      return "assigned";
    } catch {
      return "read-only";
    }
  };
  return <p id="doubled" data-assign={globalThis.document ? assign() : undefined}>{doubled}</p>;
}
