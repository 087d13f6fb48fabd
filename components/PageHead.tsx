import type { ComponentChildren } from "preact";

export interface PageHeadProps {
  title: string;
  /** Where the page belongs, above its title. */
  kicker?: ComponentChildren;
  /** What there is to know at a glance, under the title. */
  children?: ComponentChildren;
}

/** The head of a page's `<main>`. */
export function PageHead({ title, kicker, children }: PageHeadProps) {
  return (
    <header class="page-head">
      {kicker !== undefined && <p class="kicker">{kicker}</p>}
      {isLong(title)
        ? <h1 dir="auto" class="quoted title-long" tabIndex={0}>{title}</h1>
        : <h1 dir="auto" class="quoted">{title}</h1>}
      {children !== undefined && <div class="facts">{children}</div>}
    </header>
  );
}

/** Whether a title would fill the first screen: it gets a box, which is scrolled, by keys too. */
function isLong(title: string): boolean {
  return title.length > 240;
}

/** The head of a section: its name, and a word about it at the other end of the line. */
export function SectionHead(
  { title, id, children }: { title: string; id?: string; children?: ComponentChildren },
) {
  return (
    <div class="section-head">
      <h2 id={id}>{title}</h2>
      {children !== undefined && <p>{children}</p>}
    </div>
  );
}
