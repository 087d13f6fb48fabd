import { HttpError, type PageProps } from "fresh";

export default function ErrorPage({ error, url }: PageProps) {
  const status = error instanceof HttpError ? error.status : 500;
  return <p id="error">{`${status} ${(error as Error).message} ${url.pathname}`}</p>;
}
