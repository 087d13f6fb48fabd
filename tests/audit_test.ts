import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";

/** A package as `deno.lock` has it. */
interface Locked {
  integrity?: string;
  dependencies?: string[];
  optionalDependencies?: string[];
  scripts?: boolean;
}

/** A row of the tables in `docs/dependencies.md`. */
interface Listed {
  name: string;
  version: string;
  why: string;
  licence: string;
  size: string;
  program: boolean;
}

/** Licences that let the program be what it is. */
const LICENCES = new Set(["MIT", "ISC", "0BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0"]);
/** Those that tools for development may have besides. */
const TOOLS_LICENCES = new Set([...LICENCES, "MPL-2.0"]);

const read = (path: string) => Deno.readTextFileSync(new URL(`../${path}`, import.meta.url));
const lock: { npm: Record<string, Locked>; jsr?: object; remote?: object } = JSON.parse(
  read("deno.lock"),
);

function listed(): Listed[] {
  const [, program, development] = read("docs/dependencies.md").split(/^## .*$/m);
  const rows = (text: string, isProgram: boolean) =>
    [...text.matchAll(/^\|(.+)\|$/gm)].slice(2).map(([, row]): Listed => {
      const [name, version, why, licence, size] = row.split("|").map((cell) => cell.trim());
      return { name, version, why, licence, size, program: isProgram };
    });
  return [...rows(program, true), ...rows(development, false)];
}

/** `name@1.2.3_peer@4` as a name and a version. */
function split(key: string): { name: string; version: string } {
  const [, name, version] = /^(@?[^@]+)@([^_]+)/.exec(key)!;
  return { name, version };
}

describe("dependencies", () => {
  it("are all listed, in the version that is pinned, and nothing else is", () => {
    const pinned = Object.keys(lock.npm).map(split).map((it) => `${it.name}@${it.version}`);
    assertEquals(listed().map((it) => `${it.name}@${it.version}`).sort(), pinned.sort());
  });

  it("are pinned by their integrity, and none runs a script when it is installed", () => {
    for (const [key, { integrity, scripts }] of Object.entries(lock.npm)) {
      assert(/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? ""), key);
      assertEquals(scripts, undefined, key);
    }
    assertEquals([lock.jsr, lock.remote], [undefined, undefined]);
  });

  it("say why they are there, under which licence and how large", () => {
    for (const { name, why, licence, size, program } of listed()) {
      assert(why.length > 10, name);
      assert((program ? LICENCES : TOOLS_LICENCES).has(licence), `${name}: ${licence}`);
      assert(/^\d+(\.\d)? (KB|MB)$/.test(size), `${name}: ${size}`);
    }
  });

  it("of the program are what deno.json names for it and what those need", () => {
    const { imports } = JSON.parse(read("deno.json"));
    const development = /^(@sparticuz|playwright|axe|fast-check)/;
    const wanted = new Set<string>();
    const add = (name: string) => {
      if (wanted.has(name)) return;
      wanted.add(name);
      const found = Object.entries(lock.npm).find(([key]) => split(key).name === name)!;
      for (const needed of found[1].dependencies ?? []) add(/^@?[^@]+/.exec(needed)![0]);
    };
    for (const [name, target] of Object.entries<string>(imports)) {
      if (target.startsWith("npm:") && !development.test(name)) add(name);
    }
    const program = listed().filter((it) => it.program).map(({ name }) => name);
    assertEquals(new Set(program), wanted);
  });
});
