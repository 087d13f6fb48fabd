import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";

/** Whether a file declares a test of this name; `…` stands for what a template fills in. */
function isDeclared(path: string, name: string): boolean {
  let text: string;
  try {
    text = Deno.readTextFileSync(new URL(path, import.meta.url));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
  const [start, ...rest] = name.split("…").map((part) =>
    part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
  );
  const literal = rest.length === 0
    ? `"${start}"`
    : `\`${[start, ...rest].join("\\$\\{[^}]+\\}")}[^\`]*\``;
  return new RegExp(`^ *(?:it|site\\.flow)\\(\\s*${literal}`, "m").test(text);
}

describe("SECURITY.md", () => {
  it("names tests that are there for each of its claims", () => {
    const text = Deno.readTextFileSync(new URL("../SECURITY.md", import.meta.url));
    const claims = [...text.matchAll(/^\|(?! *claim|[ -]*---)(.+)\|(.+)\|$/gm)];
    assert(claims.length > 30, `${claims.length} claims`);
    const missing = claims.flatMap(([, claim, tests]) => {
      const named = tests.trim().split("<br>").map((one) =>
        /^`([\w/]+_test\.ts)` › (.+)$/.exec(one)
      );
      return named.flatMap((it) =>
        it !== null && isDeclared(it[1], it[2].trim())
          ? []
          : [`${claim.trim()}: ${it?.[0] ?? tests}`]
      );
    });
    assertEquals(missing, []);
  });

  it("would name no test that is not there", () => {
    assert(isDeclared("config_test.ts", "have defaults"));
    assert(!isDeclared("config_test.ts", "have default"));
    assert(!isDeclared("none_test.ts", "have defaults"));
    assert(isDeclared("git/hostile_test.ts", "runs nothing by way of …"));
  });
});
