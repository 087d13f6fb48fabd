import type { Signal } from "@preact/signals";

export function Stepper({ count }: { count: Signal<number> }) {
  return <button type="button" onClick={() => count.value++}>more</button>;
}
