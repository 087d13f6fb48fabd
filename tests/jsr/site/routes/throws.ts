export const handler = (): Response => {
  throw new Error("trouble");
};
