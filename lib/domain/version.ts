import project from "../../deno.json" with { type: "json" };

/** This program's version. */
export const VERSION: string = project.version;
