import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { fc } from "../support/harness.ts";
import { hashLine, hashLines, isDistinctive } from "../../lib/domain/line_hashes.ts";

describe("line hashes", () => {
  it("are the same however a line is indented, quoted and ended", () => {
    const hash = hashLine('const a = "b";');
    for (const line of ["\tconst a = 'b'", "  const  a='b',", 'const a = "b";\r']) {
      assertEquals(hashLine(line), hash, line);
    }
    assertNotEquals(hashLine('const a = "c";'), hash);
  });

  it("are 0 for a line with nothing in it and for no other", () => {
    for (const line of ["", "   ", "\t\r"]) assertEquals(hashLine(line), 0);
    for (const line of [";", "}", ",,"]) assertNotEquals(hashLine(line), 0);
  });

  it("tell whether a line has words enough to prove anything", () => {
    for (const line of ["}", "});", "else {", "return;", "*/", "<br>"]) {
      assert(!isDistinctive(hashLine(line)), line);
    }
    for (const line of ["return nil, err", "import os.path", "Größe und Maß"]) {
      assert(isDistinctive(hashLine(line)), line);
    }
  });

  it("of a text are those of its lines", () => {
    fc.assert(fc.property(fc.array(fc.string()), (lines) => {
      const text = lines.join("\n");
      assertEquals([...hashLines(text)], text.split("\n").map(hashLine));
    }));
  });
});
