import { tracing } from "../../define.ts";

export const handler = tracing("group");
