import { page } from "fresh";
import { define } from "../define.ts";

export const handler = define.handlers({
  POST: () => page({ from: "POST" }),
});

export default define.page<typeof handler>(({ data }) => <p>{`data ${data?.from}`}</p>);
