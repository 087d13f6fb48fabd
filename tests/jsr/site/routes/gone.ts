import { HttpError } from "fresh";

export const handler = (): Response => {
  throw new HttpError(410, "gone for good");
};
