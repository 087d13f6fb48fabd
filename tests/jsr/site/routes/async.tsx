import { define } from "../define.ts";

export default define.page(async ({ url }) => {
  const text = await Promise.resolve(url.searchParams.get("text"));
  if (text === null) return new Response("no text", { status: 400 }) as never;
  return <p>{text}</p>;
});
