export const handler = (): Response => {
  throw new Error("nested trouble");
};
