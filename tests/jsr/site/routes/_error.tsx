import { HttpError, type PageProps } from "fresh";
import type { State } from "../define.ts";

export default function ErrorPage({ error, state, url }: PageProps<unknown, State>) {
  const status = error instanceof HttpError ? error.status : 500;
  state.title = `Error ${status}`;
  return <p id="error">{`${status} ${(error as Error).message} ${url.pathname}`}</p>;
}
