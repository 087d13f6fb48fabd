import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const PAGES = [
  ...namesIn(".").filter((name) => name.endsWith(".md")),
  ...namesIn("docs").filter((name) => name.endsWith(".md")).map((name) => `docs/${name}`),
].filter((page) => page !== "CHANGELOG.md");

/** The longest way of one thing through the program, in files. */
const LONGEST_WALK = 15;

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(join(ROOT, folder))].map(({ name }) => name);
}

function read(page: string): string {
  return Deno.readTextFileSync(join(ROOT, page));
}

function isThere(path: string): boolean {
  try {
    Deno.statSync(join(ROOT, path));
    return true;
  } catch {
    return false;
  }
}

describe("the documents", () => {
  for (const page of PAGES) {
    it(`name only files and folders that are there: ${page}`, () => {
      const text = read(page);
      const links = [...text.matchAll(/\]\((?!\w+:|#)([^)#]+)/g)]
        .map(([, path]) => join(dirname(page), path));
      const files = [...text.matchAll(/`((?:lib|routes|islands|components|tests)\/[^`*\s]*)`/g)]
        .map(([, path]) => path);
      assertEquals([...links, ...files].filter((path) => !isThere(path)), []);
    });
  }

  it("lead from git and from a source to a page in few files", () => {
    const [, walks] = read("ARCHITECTURE.md").split(/^## Two walks.*$/m);
    const lengths = walks.split(/^## /m)[0].split(/^\*\*/m).slice(1)
      .map((walk) => walk.match(/^\|.*`.+` *\|$/gm)!.length);
    assertEquals(lengths.length, 2);
    for (const length of lengths) assert(length <= LONGEST_WALK, `${length} files`);
  });

  it("show every picture that is kept", () => {
    const text = read("README.md") + read("docs/pages.md");
    const unseen = namesIn("docs/screenshots").filter((name) => !text.includes(`/${name})`));
    assertEquals(unseen, []);
  });
});
