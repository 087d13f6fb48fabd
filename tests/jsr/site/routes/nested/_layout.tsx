import { define } from "../../define.ts";

export default define.page(({ Component }) => (
  <section id="nested">
    <Component />
  </section>
));
