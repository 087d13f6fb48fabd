export const handler = () => new Response("route");
