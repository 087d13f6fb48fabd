import { HttpError } from "fresh";
import { PageHead } from "../components/PageHead.tsx";
import { define } from "../define.ts";

interface Said {
  title: string;
  text: string;
}

const SAID: Record<number, Said> = {
  400: {
    title: "Invalid filter",
    text: "One of its parameters has a value that the page does not know.",
  },
  404: {
    title: "There is no such page",
    text:
      "It may have been a session or a commit that has gone from the store, or an address with a slip in it.",
  },
  421: {
    title: "Ascribe answers on this machine only",
    text: "Open it as 127.0.0.1, localhost or [::1].",
  },
  500: {
    title: "This page could not be made",
    text:
      "That is a fault of Ascribe, and its log says more. What is stored is safe; reloading may help.",
  },
};

/** What stands where a page should. */
export default define.page(({ error, url, state }) => {
  const status = error instanceof HttpError ? error.status : 500;
  const said = SAID[status] ?? SAID[status < 500 ? 400 : 500];
  const own = error instanceof HttpError && status < 500 ? error.message : "";
  state.title = said.title;
  return (
    <>
      <PageHead title={said.title} kicker={`Error ${status}`} />
      <p class="lede quoted">{own === "" || own === "Not Found" ? said.text : own}</p>
      <p class="lede">
        <a href={url.pathname} aria-current="false">
          {status === 400 ? "The page without parameters" : "Try again"}
        </a>
        {" · "}
        <a href="/" aria-current="false">Overview</a>
        {" · "}
        <a href="/sessions" aria-current="false">Sessions</a>
        {" · "}
        <a href="/commits" aria-current="false">Commits</a>
      </p>
    </>
  );
});
