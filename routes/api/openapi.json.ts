import { define } from "../../define.ts";

export const handler = define.handlers({
  async GET() {
    const { describeApi } = await import("../../lib/http/openapi.ts");
    return Response.json(describeApi());
  },
});
