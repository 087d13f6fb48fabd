import { computed, signal } from "@preact/signals";
import Counter, { Doubled } from "../islands/Counter.tsx";

export default function Counters() {
  const shared = signal(3);
  const doubled = computed(() => shared.value * 2);
  return (
    <main>
      <Counter id="first" count={shared} />
      <p id="between">between</p>
      <Counter id="second" count={shared} />
      <Counter id="alone" count={signal(10)} />
      <Doubled doubled={doubled} />
    </main>
  );
}
