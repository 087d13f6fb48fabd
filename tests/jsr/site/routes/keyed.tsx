import { Fragment } from "preact";
import { Stepper } from "../islands/Stepper.tsx";

function Row({ name }: { name: string }) {
  return <li>{name}</li>;
}

export default function Keyed() {
  return (
    <ul>
      <Row key="a:1" name="component" />
      <li key="b">element</li>
      <Fragment key="c">
        <li>fragment</li>
      </Fragment>
      <Stepper key="d" count={undefined as never} />
    </ul>
  );
}
