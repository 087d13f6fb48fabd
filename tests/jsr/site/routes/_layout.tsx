import { LayoutContext } from "../contexts.ts";
import { define } from "../define.ts";

export default define.page(({ Component, data, route }) => (
  <LayoutContext.Provider value={`layout of ${route}, data ${data}`}>
    <Component />
  </LayoutContext.Provider>
));
