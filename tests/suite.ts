/**
 * Loads test files into one module graph, so that what they share is loaded once: most of them take longer to load than to
 * run. Every test is shown with its file.
 *
 *     deno test -A tests/suite.ts -- links/shell_test.ts …
 */
import { assert } from "@std/assert";

/** Registers what a file declares, under its name; a file that cannot be loaded is a test that fails. */
async function load(path: string): Promise<void> {
  const register = Deno.test;
  const named = (test: Deno.TestDefinition) => register({ ...test, name: `${path}: ${test.name}` });
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
