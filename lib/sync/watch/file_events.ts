/** Folders that are watched until it is closed. */
export interface FileEvents extends Disposable {
  /** Some of the folders went, so that nothing is heard of them any more. */
  readonly broken: boolean;
}

/** What to watch, and whom to tell. */
export interface FileEventsOptions {
  folders: readonly string[];
  /** With everything below them. */
  recursive: boolean;
  /** Whether a change of a path in them matters. */
  matters: (path: string) => boolean;
  /** Whether a path that came or went makes for other folders to watch. */
  places: (path: string) => boolean;
  /** Hears of each change; there may be thousands a second. */
  changed: (what: { places: boolean }) => void;
}

/**
 * Watches folders that exist.
 *
 * @returns null where the system will not: it has only so many watches, and some file systems have none.
 */
export function watchFiles(options: FileEventsOptions): FileEvents | null {
  const { folders, recursive } = options;
  try {
    return new Watch(Deno.watchFs([...folders], { recursive }), options);
  } catch {
    return null;
  }
}

class Watch implements FileEvents {
  broken = false;
  readonly #watcher: Deno.FsWatcher;
  readonly #options: FileEventsOptions;
  readonly #roots: ReadonlySet<string>;
  #closed = false;

  constructor(watcher: Deno.FsWatcher, options: FileEventsOptions) {
    this.#watcher = watcher;
    this.#options = options;
    this.#roots = new Set(options.folders);
    this.#listen();
  }

  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#watcher.close();
  }

  async #listen(): Promise<void> {
    try {
      for await (const event of this.#watcher) this.#hear(event);
    } catch {
      // Whether the watch ended or failed, nothing is heard from now on.
    }
    if (!this.#closed) this.#break();
  }

  #hear({ kind, paths, flag }: Deno.FsEvent): void {
    // Our own reading opens files and folders.
    if (kind === "access") return;
    const { matters, places, changed } = this.#options;
    if (kind === "modify") {
      if (paths.some(matters)) changed({ places: false });
    } else if (kind !== "create" && paths.some((path) => this.#roots.has(path))) this.#break();
    else if (flag === "rescan" || kind === "other") changed({ places: true });
    else if (paths.some(matters)) changed({ places: paths.some(places) });
  }

  #break(): void {
    this.broken = true;
    this.#options.changed({ places: true });
  }
}
