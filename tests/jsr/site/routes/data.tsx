import { page } from "fresh";
import { define } from "../define.ts";

export const handler = define.handlers({
  GET: () =>
    page({ title: "a <b> & c" }, {
      status: 201,
      headers: { "x-page": "yes", "content-type": "text/plain" },
    }),
});

export default define.page<typeof handler>(({ data }) => <p title={data.title}>{data.title}</p>);
