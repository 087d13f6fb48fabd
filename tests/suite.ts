/**
 * Loads test files into one module graph, so that what they share is loaded once: most of them take longer to load than to
 * run. Every test is shown with its file.
 *
 *     deno test -A tests/suite.ts -- links/shell_test.ts …
 */
import { assert } from "@std/assert";

type Declared = Parameters<typeof Deno.test>;

/** Registers what a file declares, under its name; a file that cannot be loaded is a test that fails. */
async function load(path: string): Promise<void> {
  const register = Deno.test;
  const named = (...[first, ...rest]: unknown[]) => {
    const declared = typeof first === "string"
      ? [`${path}: ${first}`, ...rest]
      : typeof first === "function"
      ? [`${path}: ${first.name}`, first]
      : [{ ...first as object, name: `${path}: ${(first as { name: string }).name}` }, ...rest];
    register(...declared as unknown as Declared);
  };
  Object.assign(Deno, { test: Object.assign(named, register) });
  try {
    await import(`./${path}`);
  } catch (error) {
    register(`${path} is loaded`, () => {
      throw error;
    });
  } finally {
    Object.assign(Deno, { test: register });
  }
}

assert(Deno.args.length > 0, "Name the test files, as paths from tests/");
for (const path of Deno.args) await load(path);
