import { showTrace } from "../../../define.ts";

export const handler = showTrace;
