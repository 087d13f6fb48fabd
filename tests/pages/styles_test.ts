import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** Where the names of classes are written. */
const MARKUP = ["components", "islands", "routes", "lib/client"];

function textsBelow(folder: string, kind: RegExp): { name: string; text: string }[] {
  return [...Deno.readDirSync(ROOT + folder)].flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) return textsBelow(path, kind);
    return kind.test(path) ? [{ name: entry.name, text: Deno.readTextFileSync(ROOT + path) }] : [];
  });
}

describe("the style sheets", () => {
  const sheets = textsBelow("static", /\.css$/);
  const rules = sheets.map(({ text }) => text.replaceAll(/\/\*[\s\S]*?\*\//g, "")).join("\n");
  const markup = MARKUP.flatMap((folder) => textsBelow(folder, /\.tsx?$/));
  const written = markup.map(({ text }) => text).join("\n");

  it("have less than 300 lines each", () => {
    const long = sheets.filter(({ text }) => text.split("\n").length > 300);
    assertEquals(long.map(({ name }) => name), []);
  });

  it("are all part of every page", () => {
    const { text } = markup.find(({ name }) => name === "_app.tsx")!;
    const missing = sheets.filter(({ name }) => !text.includes(`"${name.slice(0, -4)}",`));
    assertEquals(missing.map(({ name }) => name), []);
  });

  it("style only classes that some page has", () => {
    const words = new Set(written.match(/[A-Za-z][\w-]*/g));
    const starts = [...written.matchAll(/([a-z][\w-]*-)\$\{/g)].map(([, start]) => start);
    const classes = new Set([...rules.matchAll(/\.([a-z][\w-]*)/g)].map(([, name]) => name));
    const dead = [...classes].filter((name) =>
      !words.has(name) && !starts.some((start) => name.startsWith(start))
    );
    assertEquals(dead, []);
  });

  it("define every token that they use, and use every one that they define", () => {
    const defined = new Set([...rules.matchAll(/(--[\w-]+)\s*:/g)].map(([, name]) => name));
    const used = new Set([...rules.matchAll(/var\((--[\w-]+)/g)].map(([, name]) => name));
    const inScripts = (name: string) => written.includes(`"${name}"`);
    assertEquals([...used].filter((name) => !defined.has(name)), []);
    assertEquals([...defined].filter((name) => !used.has(name) && !inScripts(name)), []);
  });
});
