import { define } from "../../../../define.ts";
import { answerForCommit } from "../../../../lib/http/answers.ts";
import { explanationOf } from "../../../../lib/queries/explanation.ts";

export const handler = define.handlers({
  GET: (ctx) =>
    answerForCommit(
      ctx.state.store,
      { hash: ctx.params.hash, params: ctx.url.searchParams },
      explanationOf,
    ),
});
