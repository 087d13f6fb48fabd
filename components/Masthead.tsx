import type { ComponentChildren } from "preact";

const PAGES = [
  ["/", "Overview"],
  ["/projects", "Projects"],
  ["/sessions", "Sessions"],
  ["/commits", "Commits"],
  ["/edits", "Edits"],
  ["/repositories", "Repositories"],
  ["/settings", "Settings"],
] as const;

/** The head of every page: the product's name, the way to each page, and the tools that it is given. */
export function Masthead({ path, children }: { path: string; children: ComponentChildren }) {
  return (
    <header class="masthead">
      <a class="wordmark" href="/" aria-current="false">Ascribe</a>
      <nav aria-label="Pages">
        <ul>
          {PAGES.map(([href, name]) => (
            <li key={href}>
              <a href={href} aria-current={isCurrent(href, path)}>{name}</a>
            </li>
          ))}
        </ul>
      </nav>
      <div class="masthead-tools">
        {children}
      </div>
    </header>
  );
}

function isCurrent(href: string, path: string): "page" | "true" | "false" {
  if (href === path) return "page";
  return href !== "/" && path.startsWith(`${href}/`) ? "true" : "false";
}

/** Says that what the page shows is not the reader's own. */
export function SampleBanner() {
  return (
    <aside class="sample-banner" aria-label="Sample data">
      <strong>Sample data.</strong>{" "}
      No session of any agent was found, so this is a made-up workspace. It goes away once there is
      a real session; <a href="/settings#folders">Settings</a> says where Ascribe looks.
    </aside>
  );
}
