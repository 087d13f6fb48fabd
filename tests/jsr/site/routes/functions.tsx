import Counter from "../islands/Counter.tsx";

export default function Page() {
  return <Counter id="x" count={(() => 1) as never} />;
}
