import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";

describe("SECURITY.md", () => {
  it("names a test that is there for each of its claims", () => {
    const text = Deno.readTextFileSync(new URL("../SECURITY.md", import.meta.url));
    const claims = [...text.matchAll(/^\|(?! *claim|[ -]*---)(.+)\|(.+)\|$/gm)];
    assert(claims.length > 20, `${claims.length} claims`);
    const missing = claims.flatMap(([, claim, tests]) => {
      const named = [...tests.matchAll(/`([\w/]+_test\.ts)`/g)].map(([, path]) => path);
      if (named.length === 0) return [claim.trim()];
      return named.filter((path) => {
        try {
          return !Deno.statSync(new URL(path, import.meta.url)).isFile;
        } catch {
          return true;
        }
      });
    });
    assertEquals(missing, []);
  });
});
