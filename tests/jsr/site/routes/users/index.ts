export const handler = () => new Response("users");
