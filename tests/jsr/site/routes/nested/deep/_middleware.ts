import { tracing } from "../../../define.ts";

export default tracing("deep");
