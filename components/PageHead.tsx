import type { ComponentChildren } from "preact";

/** Props of {@linkcode PageHead}. */
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
      <h1 dir="auto" class="quoted">{title}</h1>
      {children !== undefined && <div class="facts">{children}</div>}
    </header>
  );
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
