import { type Theme, THEMES } from "../lib/client/preferences.ts";

const NAMES: Record<Theme, string> = {
  system: "As the system",
  light: "Light",
  dark: "Dark",
};

/** How pages are coloured. */
export function ThemeSetting({ theme }: { theme: Theme }) {
  return (
    <section class="setting" aria-labelledby="theme">
      <h2 id="theme">Theme</h2>
      <div>
        <form method="post" action="/settings" class="choices">
          <input type="hidden" name="setting" value="theme" />
          {THEMES.map((name) => (
            <label key={name}>
              <input type="radio" name="theme" value={name} checked={name === theme} />
              {NAMES[name]}
            </label>
          ))}
          <button class="button" type="submit">Save</button>
        </form>
        <p class="note">
          {theme === "system" ? "The default." : "Chosen here, kept in this browser."}
        </p>
      </div>
    </section>
  );
}
