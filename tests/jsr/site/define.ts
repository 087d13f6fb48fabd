import { createDefine } from "fresh";

export interface State {
  trace: string[];
  title?: string;
}

export const define = createDefine<State>();

/** A middleware that notes when it is entered and left. */
export function tracing(name: string) {
  return define.middleware(async (ctx) => {
    ctx.state.trace ??= [];
    ctx.state.trace.push(name);
    const response = await ctx.next();
    response.headers.append("x-left", name);
    return response;
  });
}

/** Answers with what passed before. */
export const showTrace = define.handlers((ctx) => new Response(ctx.state.trace.join(" ")));
