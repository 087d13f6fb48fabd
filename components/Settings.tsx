import type { ComponentChildren } from "preact";
import {
  type Preferences,
  type Theme,
  THEMES,
  WEEK_STARTS,
  type WeekStart,
} from "../lib/domain/preferences.ts";
import { type Config, CONFIG_OPTIONS, type ConfigKey } from "../lib/domain/settings.ts";
import type { Output } from "../lib/queries/query.ts";
import type { DataSize, RepositorySummary, StoreStatus } from "../lib/store/shapes.ts";
import type { MoveSuggestion } from "../lib/store/write/repository_aliases.ts";
import { INTERVAL_LIMITS } from "../lib/store/write/settings.ts";
import { formatBytes, formatCounted } from "../lib/text/format.ts";
import { type Alias } from "../lib/text/path_index.ts";
import { Time } from "./Time.tsx";

export interface AliasSettingsProps {
  aliases: Alias[];
  /** Repositories that are gone, each with one that may be it. */
  suggestions: MoveSuggestion[];
}

/** Where folders are now that were moved since sessions worked in them. */
export function AliasSettings({ aliases, suggestions }: AliasSettingsProps) {
  return (
    <section class="setting" aria-labelledby="aliases">
      <h2 id="aliases">Moved folders</h2>
      <div>
        {aliases.length > 0 && (
          <ul class="setting-list">
            {aliases.map(({ oldPath, newPath }) => (
              <li key={oldPath}>
                <span class="path">{oldPath} → {newPath}</span>
                <AliasForm oldPath={oldPath} newPath="" label="Take back" />
              </li>
            ))}
          </ul>
        )}
        {suggestions.length > 0 && (
          <>
            <p class="note">These are gone, and a repository with the same history is elsewhere:</p>
            <ul class="setting-list">
              {suggestions.map(({ oldPath, newPath }) => (
                <li key={`${oldPath} ${newPath}`}>
                  <span class="path">{oldPath} → {newPath}</span>
                  <AliasForm oldPath={oldPath} newPath={newPath} label="It is" />
                </li>
              ))}
            </ul>
          </>
        )}
        <form method="post" action="/settings">
          <input type="hidden" name="setting" value="alias" />
          <label for="alias-old">Old path</label>
          <input id="alias-old" type="text" name="oldPath" required spellcheck={false} />
          <label for="alias-new">New path</label>
          <input id="alias-new" type="text" name="newPath" required spellcheck={false} />
          <button class="button" type="submit">Save</button>
        </form>
        <p class="note">
          Absolute paths of folders. Used from the next sync.
        </p>
      </div>
    </section>
  );
}

function AliasForm(
  { oldPath, newPath, label }: { oldPath: string; newPath: string; label: string },
) {
  return (
    <form method="post" action="/settings">
      <input type="hidden" name="setting" value="alias" />
      <input type="hidden" name="oldPath" value={oldPath} />
      <input type="hidden" name="newPath" value={newPath} />
      <button class="button" type="submit" aria-label={`${label}: ${oldPath}`}>{label}</button>
    </form>
  );
}

/** What has to be typed before everything is removed. */
export const ERASE_WORD = "erase";

/** Removes all that is stored, once somebody has typed that they mean it. */
export function EraseSetting({ sample, totals }: { sample: boolean; totals: StoreStatus }) {
  return (
    <section class="setting" aria-labelledby="erase">
      <h2 id="erase">Erase</h2>
      <div>
        {!sample && (
          <form method="post" action="/settings">
            <input type="hidden" name="setting" value="erase" />
            <label for="erase-word">
              Type <strong>{ERASE_WORD}</strong>
            </label>
            <input
              id="erase-word"
              type="text"
              name="word"
              required
              pattern={ERASE_WORD}
              autocomplete="off"
              spellcheck={false}
              aria-describedby="erase-note"
            />
            <button class="button" type="submit">Erase everything</button>
          </form>
        )}
        <p class="note" id="erase-note">
          {sample ? "This is sample data. Stop Ascribe and run ascribe erase to remove it." : (
            `Removes ${stored(totals)}, with every alias and setting and all backups, and turns ` +
            "background syncs off. Sessions whose sources are gone cannot be " +
            "brought back. Agents' own files and repositories stay as they are."
          )}
        </p>
      </div>
    </section>
  );
}

function stored({ sessionsIndexed, commitsFound, linksCreated }: StoreStatus): string {
  const sessions = formatCounted(sessionsIndexed, "session");
  const commits = formatCounted(commitsFound, "commit");
  return `${sessions}, ${commits} and ${formatCounted(linksCreated, "link")}`;
}

/** How often Ascribe looks for new work by itself. */
export function IntervalSetting({ seconds, stored }: { seconds: number; stored: boolean }) {
  return (
    <section class="setting" aria-labelledby="interval">
      <h2 id="interval">Background syncs</h2>
      <div>
        <form method="post" action="/settings">
          <input type="hidden" name="setting" value="interval" />
          <label for="interval-seconds">Every</label>
          <input
            id="interval-seconds"
            type="number"
            name="seconds"
            value={seconds}
            min="0"
            max={INTERVAL_LIMITS.max}
            step="1"
            required
            aria-describedby="interval-note"
          />
          <span>seconds</span>
          <button class="button" type="submit">Save</button>
        </form>
        <p class="note" id="interval-note">
          {seconds === 0
            ? "Off: Ascribe looks for new work only when you press Sync now. 10–86,400 seconds turn it on."
            : "10–86,400 seconds; 0 turns it off. Default: 60."}
          {stored && " Set here, kept in the database."}
        </p>
      </div>
    </section>
  );
}

export interface PlacesSettingsProps {
  /** Undefined where the server was built without one. */
  config: Config | undefined;
  sample: boolean;
  /** What is stored of each agent. */
  agents: Output<"storage">["agents"];
  /** What is in the data folder. */
  size: DataSize | null;
}

/** Where Ascribe reads and keeps what it knows: set when it is started, each with where its value came from. */
export function PlacesSettings({ config, sample, agents, size }: PlacesSettingsProps) {
  if (config === undefined) return null;
  return (
    <>
      <section class="setting" aria-labelledby="folders">
        <h2 id="folders">Agents</h2>
        <div>
          <dl class="agent-folders">
            {config.agents.map(({ agent, title, roots, flag, variables, source }) => (
              <div key={agent}>
                <dt>{title}</dt>
                <dd>
                  <ul>{roots.map((folder) => <li key={folder} class="path">{folder}</li>)}</ul>
                  <Found
                    counts={agents.find((it) =>
                      it.agent === agent
                    )}
                  />
                  <p class="note">
                    {sourceText(source, { flag, variable: variables[0] })} Set it with{" "}
                    <code>{flag}</code> or <code>{variables.join(", ")}</code>.
                  </p>
                </dd>
              </div>
            ))}
          </dl>
          {sample && (
            <p class="warn">
              No session was found there, so the pages show a sample workspace.
            </p>
          )}
        </div>
      </section>
      <Location config={config} name="dataDir" title="Data folder" id="data">
        <p class="path">{config.dataDir}</p>
        {size !== null && <Size size={size} />}
      </Location>
      <Location config={config} name="host" title="Address" id="address">
        <p class="path">{config.host}:{config.port}</p>
        <p class="note">
          {sourceText(config.sources.port, CONFIG_OPTIONS.port)} Set the port with{" "}
          <code>{CONFIG_OPTIONS.port.flag}</code> or <code>{CONFIG_OPTIONS.port.variable}</code>.
        </p>
      </Location>
      <Location config={config} name="logLevel" title="Log" id="log">
        <p>{config.logLevel}</p>
      </Location>
    </>
  );
}

/** What was found of an agent, and what of it could not be read. */
function Found({ counts }: { counts: Output<"storage">["agents"][number] | undefined }) {
  if (counts === undefined) return <p class="faint">Nothing found.</p>;
  const { sessions, sources, writtenAt, failed, failure } = counts;
  return (
    <p>
      {formatCounted(sessions, "session")} from {formatCounted(sources, "source")}
      {writtenAt !== null && (
        <>
          , the newest written <Time at={writtenAt} as="ago" />
        </>
      )}.
      {failed > 0 && (
        <span class="bad quoted">
          {` ${formatCounted(failed, "source")} not read: ${failure}`}
        </span>
      )}
    </p>
  );
}

/** How much room the data folder takes, and what takes it. */
function Size({ size: { total, database, backups, backupCount, sample, other } }: {
  size: DataSize;
}) {
  const parts = [
    `the database ${formatBytes(database)}`,
    backupCount > 0 && `${formatCounted(backupCount, "backup")} ${formatBytes(backups)}`,
    sample > 0 && `the sample workspace ${formatBytes(sample)}`,
    other > 0 && `other files ${formatBytes(other)}`,
  ];
  return (
    <p>
      <strong>{formatBytes(total)}</strong>
      <span class="soft">: {parts.filter((part) => part !== false).join(", ")}</span>
    </p>
  );
}

interface PlaceProps {
  config: Config;
  name: ConfigKey;
  title: string;
  id: string;
  children: ComponentChildren;
}

function Location({ config, name, title, id, children }: PlaceProps) {
  const option = CONFIG_OPTIONS[name];
  const { flag, variable } = option;
  return (
    <section class="setting" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <div>
        {children}
        <p class="note">
          {sourceText(config.sources[name], option)} Set it with <code>{flag}</code>
          {variable !== null && (
            <>
              {" "}or <code>{variable}</code>
            </>
          )} when you start Ascribe.
        </p>
      </div>
    </section>
  );
}

function sourceText(
  source: Config["sources"][ConfigKey],
  { flag, variable }: { flag: string; variable: string | null },
): string {
  switch (source) {
    case "flag":
      return `From the flag ${flag}.`;
    case "environment":
      return `From the environment variable ${variable}.`;
    case "default":
      return "The default.";
    default:
      return source satisfies never;
  }
}

/** More repositories than these are folded, except those that are excluded. */
const OPEN = 20;

/** Which repositories syncs look at. */
export function RepositorySettings({ repositories }: { repositories: RepositorySummary[] }) {
  const isFolded = repositories.length > OPEN;
  const excluded = repositories.filter((repository) => repository.excluded);
  return (
    <section class="setting" aria-labelledby="repositories">
      <h2 id="repositories">Repositories</h2>
      <div>
        {repositories.length === 0 && <p class="faint">None was found yet.</p>}
        {!isFolded ? <Choices repositories={repositories} /> : (
          <>
            <Choices repositories={excluded} />
            <details class="fold" id="taken-in">
              <summary>
                {formatCounted(repositories.length - excluded.length, "repository", "repositories")}
                {" "}
                included
              </summary>
              <Choices repositories={repositories.filter(({ excluded }) => !excluded)} />
            </details>
          </>
        )}
        <p class="note">
          Every repository that sessions worked in is included by default. One that is excluded is
          not scanned any more; its commits and links stay as they are.
        </p>
      </div>
    </section>
  );
}

function Choices({ repositories }: { repositories: RepositorySummary[] }) {
  if (repositories.length === 0) return null;
  return (
    <ul class="setting-list">
      {repositories.map(({ id, name, path, excluded }) => (
        <li key={id}>
          <span class="quoted" title={path}>
            <a href={`/repositories/${id}`}>{name}</a>{" "}
            {excluded && <span class="faint">excluded here</span>}
          </span>
          <form method="post" action="/settings">
            <input type="hidden" name="setting" value="exclude" />
            <input type="hidden" name="repository" value={id} />
            <input type="hidden" name="excluded" value={String(!excluded)} />
            <button
              class="button"
              type="submit"
              aria-label={`${excluded ? "Include" : "Exclude"} ${name}`}
            >
              {excluded ? "Include" : "Exclude"}
            </button>
          </form>
        </li>
      ))}
    </ul>
  );
}

const NAMES: Record<Theme, string> = {
  system: "System",
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
          {theme === "system" ? "The default." : "Saved in this browser."}
        </p>
      </div>
    </section>
  );
}

const DAYS: Record<WeekStart, string> = { 0: "Sunday", 1: "Monday", 6: "Saturday" };

/** In whose time pages are written, and where weeks begin. */
export function TimeSetting(
  { preferences: { timeZone, weekStart } }: { preferences: Preferences },
) {
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <section class="setting" aria-labelledby="time">
      <h2 id="time">Time</h2>
      <div>
        <form method="post" action="/settings">
          <input type="hidden" name="setting" value="time" />
          <label for="time-zone">Time zone</label>
          <select id="time-zone" name="timeZone">
            <option value="" selected={timeZone === null}>System time zone ({own})</option>
            {["UTC", ...Intl.supportedValuesOf("timeZone").filter((name) => name !== "UTC")].map(
              (name) => (
                <option key={name} value={name} selected={name === timeZone}>
                  {name.replaceAll("_", " ")}
                </option>
              ),
            )}
          </select>
          <label for="week-start">Weeks begin on</label>
          <select id="week-start" name="weekStart">
            {WEEK_STARTS.map((day) => (
              <option key={day} value={day} selected={day === weekStart}>{DAYS[day]}</option>
            ))}
          </select>
          <button class="button" type="submit">Save</button>
        </form>
        <p class="note">
          {timeZone === null ? "The system's time zone by default." : "Chosen here."}{" "}
          {weekStart === 1
            ? "Weeks begin on Monday by default."
            : "The week's start is chosen here."} Saved in this browser.
        </p>
      </div>
    </section>
  );
}
