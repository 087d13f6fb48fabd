import { afterAll, beforeAll, it } from "@std/testing/bdd";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import type { Database } from "../../lib/store/database.ts";
import { openPage, shareBrowser, type WatchedPage } from "./browser.ts";
import { type PageOptions, type PageServer, servePages, type StagedSync } from "./page_server.ts";
import { copyFolder, sharedSample } from "./sample.ts";
import { type FlowOptions, goThrough, goTo, type Screen } from "./screens.ts";
import { type RunningServer, startServer } from "./server.ts";

/** A browser, and where it is to go. Both are there while the tests of a `describe` run. */
abstract class Visit {
  browser!: Browser;
  abstract readonly url: string;

  /** Opens a page in a context of its own. */
  async open(options?: BrowserContextOptions): Promise<WatchedPage> {
    return await openPage(this.browser, options);
  }

  /** Opens a path in a page, and waits until its islands are at work. */
  async goTo(page: Page, path: string): Promise<void> {
    await goTo(page, this.url + path);
  }

  /** Declares a test that goes through a flow, from a path on if it is given; see {@linkcode goThrough}. */
  flow(
    name: string,
    run: (page: Page, screen: Screen) => Promise<void>,
    { from, ...options }: FlowOptions = {},
  ): void {
    it(
      name,
      () => goThrough(this.browser, { name, run }, { ...options, from: from && this.url + from }),
    );
  }
}

/** The pages around a store, served by this process, and a sync that does what tests say. */
export class Site extends Visit {
  store!: Database;
  server!: PageServer;

  get url(): string {
    return this.server.url;
  }

  get sync(): StagedSync {
    return this.server.sync;
  }

  /** Announces a change until it is shown: a page that has just been opened may not be listening yet. */
  async announce(
    what: Parameters<StagedSync["announcements"]["changed"]>[0],
    shown: Locator,
  ): Promise<void> {
    const announce = () => this.sync.announcements.changed(what);
    announce();
    const again = setInterval(announce, 1_000);
    try {
      await shown.waitFor();
    } finally {
      clearInterval(again);
    }
  }
}

/** The sample workspace, and the program that has read it. */
export class SampleSite extends Visit {
  folder!: string;
  claudeDir!: string;
  server!: RunningServer;

  get url(): string {
    return this.server.url;
  }

  /** What the API answers. */
  // deno-lint-ignore no-explicit-any
  async read(path: string): Promise<any> {
    return await (await fetch(this.url + path)).json();
  }
}

/** Opens a browser and the pages of a store before the first test of a `describe`, and closes them after the last. */
export function useSite(
  makeStore: () => Database | Promise<Database>,
  options: () => PageOptions = () => ({}),
): Site {
  const site = new Site();
  const browser = shareBrowser();
  beforeAll(async () => {
    site.store = await makeStore();
    site.server = servePages(site.store, options());
    site.browser = await browser.take();
  });
  afterAll(async () => {
    await browser.release();
    await site.server?.[Symbol.asyncDispose]();
    site.store?.[Symbol.dispose]();
  });
  return site;
}

/**
 * Opens a browser and the sample workspace, read once, before the first test of a `describe`, and closes them after the
 * last. Its repositories are those that all tests share.
 */
export function useSampleSite(): SampleSite {
  const site = new SampleSite();
  const browser = shareBrowser();
  beforeAll(async () => {
    const sample = await sharedSample();
    site.folder = await Deno.makeTempDir({ prefix: "ascribe-browser-" });
    site.claudeDir = sample.claudeDir;
    const dataDir = join(site.folder, "data");
    copyFolder(sample.dataDir, dataDir);
    site.server = await startServer({ claudeDir: site.claudeDir, dataDir });
    site.browser = await browser.take();
  });
  afterAll(async () => {
    await browser.release();
    await site.server?.stop();
    await Deno.remove(site.folder, { recursive: true });
  });
  return site;
}
