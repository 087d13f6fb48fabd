import { define } from "../../define.ts";

export default define.page(({ error }) => <p id="nested-error">{(error as Error).message}</p>);
