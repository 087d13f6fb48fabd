import type { Browser } from "playwright-core";
import { withBrowser } from "./browser.ts";

/** A browser that several tests share. */
export interface OpenBrowser {
  browser: Browser;
  close(): Promise<void>;
}

/** Starts a browser that stays until it is closed. */
export async function openBrowser(): Promise<OpenBrowser> {
  const opened = Promise.withResolvers<Browser>();
  const done = Promise.withResolvers<void>();
  const closed = withBrowser((browser) => {
    opened.resolve(browser);
    return done.promise;
  });
  closed.catch(opened.reject);
  const browser = await opened.promise;
  return {
    browser,
    async close() {
      done.resolve();
      await closed;
    },
  };
}
