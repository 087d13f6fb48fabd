import { useContext } from "preact/hooks";
import { AppContext, LayoutContext } from "../../contexts.ts";
import { define } from "../../define.ts";

/** Says which contexts reach it, and names the document while it is rendered. */
export default define.page(({ state }) => {
  state.title = "Named late";
  return <p>{`app: ${useContext(AppContext)}, layout: ${useContext(LayoutContext)}`}</p>;
});
