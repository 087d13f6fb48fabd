import { Idiomorph } from "idiomorph";
import { formatAgo } from "../text/format.ts";

/** How long changes gather before the page is fetched again, in milliseconds. */
const GATHER_MS = 250;
/** How often times tick, in milliseconds. */
const TICK_MS = 5_000;
/** Marks what an island or the reader holds, and the server must not overwrite. */
const KEPT = "[data-keep]";

/** Told after `<main>` was brought up to date, so that islands inside it fetch their own data. */
export const PAGE_REFRESHED = "ascribe:refreshed";

/**
 * Keeps the page current: what the server shows now is fetched and morphed into `<main>`, which leaves scroll, focus,
 * selection, open `<details>` and what was typed as they are. A hidden page waits until it is looked at.
 */
export class LivePage implements Disposable {
  #timer: number | null = null;
  #tick: number | null = null;
  #wanted = false;
  #fetching: AbortController | null = null;
  #onVisible = () => {
    if (this.#wanted) this.refresh();
    tickTimes(Date.now());
  };

  open(): void {
    document.addEventListener("visibilitychange", this.#onVisible);
    this.#tick = setInterval(() => tickTimes(Date.now()), TICK_MS) as unknown as number;
  }

  [Symbol.dispose](): void {
    document.removeEventListener("visibilitychange", this.#onVisible);
    this.#fetching?.abort();
    if (this.#tick !== null) clearInterval(this.#tick);
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  /** Brings the page up to date soon. Any number of calls until then are one. */
  refresh(): void {
    this.#wanted = true;
    if (document.hidden || this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#load();
    }, GATHER_MS) as unknown as number;
  }

  async #load(): Promise<void> {
    this.#wanted = false;
    this.#fetching?.abort();
    const fetching = this.#fetching = new AbortController();
    const address = location.href;
    try {
      const response = await fetch(address, {
        headers: { accept: "text/html" },
        signal: fetching.signal,
      });
      const html = await response.text();
      if (fetching.signal.aborted || location.href !== address) return;
      morphMain(new DOMParser().parseFromString(html, "text/html"));
    } catch {
      // The server is gone or another refresh has begun: the next announcement brings the page up to date.
    }
  }
}

/** Makes `<main>` and the title those of `fresh`. */
function morphMain(fresh: Document): void {
  const main = document.querySelector("main");
  const newMain = fresh.querySelector("main");
  if (main === null || newMain === null) return;
  if (document.title !== fresh.title) document.title = fresh.title;
  for (const tree of [main, newMain]) removeComments(tree);
  Idiomorph.morph(main, newMain, {
    morphStyle: "outerHTML",
    ignoreActiveValue: true,
    restoreFocus: true,
    callbacks: { beforeNodeMorphed: keepWhatIsHeld },
  });
  dispatchEvent(new Event(PAGE_REFRESHED));
}

/** Fresh puts comments around keyed components: matched with each other, they would move rows under the reader's hands. */
function removeComments(tree: Element): void {
  const comments = document.createTreeWalker(tree, NodeFilter.SHOW_COMMENT);
  const found: Node[] = [];
  while (comments.nextNode()) found.push(comments.currentNode);
  for (const comment of found) (comment as Comment).remove();
}

/** Writes every ticking time as of `now`. */
function tickTimes(now: number): void {
  for (const time of document.querySelectorAll<HTMLTimeElement>("time[data-ago]")) {
    const text = formatAgo(Date.parse(time.dateTime), now);
    if (time.textContent !== text) time.textContent = text;
  }
}

/** False leaves the old node as it is. */
function keepWhatIsHeld(old: Node, fresh: Node): boolean {
  if (!(old instanceof Element) || !(fresh instanceof Element)) return true;
  if (old.matches(KEPT)) return false;
  if (old instanceof HTMLDetailsElement) fresh.toggleAttribute("open", old.open);
  if (isEdited(old)) return false;
  return true;
}

/** Whether the reader has typed or chosen something that was not sent yet, or may be about to choose. */
function isEdited(field: Element): boolean {
  if (field instanceof HTMLSelectElement) {
    if (field === document.activeElement) return true;
    return [...field.options].some((option) => option.selected !== option.defaultSelected) &&
      [...field.options].some((option) => option.defaultSelected);
  }
  if (field instanceof HTMLTextAreaElement) return field.value !== field.defaultValue;
  if (!(field instanceof HTMLInputElement)) return false;
  return field.type === "checkbox" || field.type === "radio"
    ? field.checked !== field.defaultChecked
    : field.value !== field.defaultValue;
}
