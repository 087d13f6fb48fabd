import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { shellWord } from "../../lib/shell/quote.ts";

describe("a path in a command that a message says to run", () => {
  it("is one word to a shell, and nothing it runs", async () => {
    const words = [
      "/a b",
      "/x'; touch owned; '",
      "/$(touch owned)`touch owned`",
      "'",
      "",
      "/\n#\\",
    ];
    const { stdout } = await new Deno.Command("sh", {
      args: ["-c", `printf '%s\\0' ${words.map(shellWord).join(" ")}`],
    }).output();
    assertEquals(new TextDecoder().decode(stdout).split("\0").slice(0, -1), words);
  });
});
