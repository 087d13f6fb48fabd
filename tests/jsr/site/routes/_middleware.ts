import { tracing } from "../define.ts";

export default [tracing("root1"), tracing("root2")];
