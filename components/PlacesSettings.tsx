import type { ComponentChildren } from "preact";
import { formatBytes, formatCounted } from "../lib/client/format.ts";
import { type Config, CONFIG_OPTIONS, type ConfigKey } from "../lib/config.ts";
import type { DataSize } from "../lib/data_size.ts";

/** Props of {@linkcode PlacesSettings}. */
export interface PlacesSettingsProps {
  /** Undefined where the server was built without one. */
  config: Config | undefined;
  sample: boolean;
  /** What is in the data folder. */
  size: DataSize | null;
}

/** Where Ascribe reads and keeps what it knows: set when it is started, each with where its value came from. */
export function PlacesSettings({ config, sample, size }: PlacesSettingsProps) {
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
        {size !== null && <Size size={size} />}
      </Place>
      <Place config={config} name="host" title="Address" id="address">
        <p class="path">{config.host}:{config.port}</p>
        <p class="note">
          {sourceText(config.sources.port, CONFIG_OPTIONS.port)} Set the port with{" "}
          <code>{CONFIG_OPTIONS.port.flag}</code> or <code>{CONFIG_OPTIONS.port.variable}</code>.
        </p>
      </Place>
      <Place config={config} name="logLevel" title="Log" id="log">
        <p>{config.logLevel}</p>
      </Place>
    </>
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

function Place({ config, name, title, id, children }: PlaceProps) {
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
  { flag, variable }: typeof CONFIG_OPTIONS[ConfigKey],
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
