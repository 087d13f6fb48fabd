import { KEY_GROUPS } from "../lib/client/shortcuts.ts";

/** What keys do. */
export function KeyList() {
  return (
    <div class="key-groups">
      {KEY_GROUPS.map(({ name, keys }) => (
        <section key={name}>
          <h3>{name}</h3>
          <dl class="pairs">
            {keys.map(([pressed, does]) => (
              <div key={does} class="pair">
                <dt>{pressed.map((key, i) => <kbd key={i}>{key}</kbd>)}</dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}
