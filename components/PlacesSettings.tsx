import type { ComponentChildren } from "preact";
import { type Config, CONFIG_OPTIONS, type ConfigKey } from "../lib/config.ts";

/** Props of {@linkcode PlacesSettings}. */
export interface PlacesSettingsProps {
  /** Undefined where the server was built without one. */
  config: Config | undefined;
  sample: boolean;
}

/** Where Ascribe reads and keeps what it knows: set when it is started, each with where its value came from. */
export function PlacesSettings({ config, sample }: PlacesSettingsProps) {
  if (config === undefined) return null;
  return (
    <>
      <Place config={config} name="claudeDirs" title="Transcripts" id="folders">
        <ul>
          {config.claudeDirs.map((folder) => <li key={folder} class="path">{folder}/projects</li>)}
        </ul>
        {sample && (
          <p class="warn">
            No transcript was found there, so the pages show a sample workspace.
          </p>
        )}
      </Place>
      <Place config={config} name="dataDir" title="Data folder" id="data">
        <p class="path">{config.dataDir}</p>
      </Place>
      <Place config={config} name="host" title="Address" id="address">
        <p class="path">{config.host}:{config.port}</p>
      </Place>
    </>
  );
}

interface PlaceProps {
  config: Config;
  name: ConfigKey;
  title: string;
  id: string;
  children: ComponentChildren;
}

function Place({ config, name, title, id, children }: PlaceProps) {
  const { flag, variable } = CONFIG_OPTIONS[name];
  return (
    <section class="setting" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <div>
        {children}
        <p class="note">
          {sourceText(config.sources[name], flag, variable)} Set it with <code>{flag}</code>
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
  flag: string,
  variable: string | null,
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
