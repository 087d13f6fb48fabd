import Values, { type Held } from "../islands/Values.tsx";

export default function Page() {
  const twin = {};
  const held: Held = {
    text: "</script><!-- & é",
    date: new Date(0),
    map: new Map([["a", new Set([1, 2])]]),
    big: 12345678901234567890n,
    url: new URL("http://example.test/x"),
    numbers: [NaN, Infinity, -0, 1.5],
    nothing: undefined,
    twins: [twin, twin],
  };
  held.self = held;
  return <Values held={held} />;
}
