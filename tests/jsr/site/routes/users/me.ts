export const handler = () => new Response("me");
