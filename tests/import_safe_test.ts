import { describe, it } from "@std/testing/bdd";
import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { join } from "node:path";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const TIMEOUT_MS = 30_000;

function modulesBelow(path: string): string[] {
  if (!Deno.statSync(join(ROOT, path)).isDirectory) return /\.tsx?$/.test(path) ? [path] : [];
  return [...Deno.readDirSync(join(ROOT, path))].flatMap(({ name }) =>
    modulesBelow(`${path}/${name}`)
  );
}

describe("importing the program", () => {
  it("needs no permission and leaves nothing running, whichever module", async () => {
    const modules = ["main.ts", "define.ts", "lib", "routes", "islands", "components"]
      .flatMap(modulesBelow).sort();
    const folder = await Deno.makeTempDir({ prefix: "ascribe-import-" });
    try {
      const entry = join(folder, "entry.ts");
      const lines = modules.map((path) =>
        `import ${JSON.stringify(`file://${join(ROOT, path)}`)};`
      );
      await Deno.writeTextFile(entry, `${lines.join("\n")}\nconsole.log("imported");\n`);
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "-q",
          "--no-check",
          "--no-prompt",
          "--config",
          join(ROOT, "deno.json"),
          entry,
        ],
        env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      }).output();
      const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
      assertEquals([code, text(stdout), text(stderr)], [0, "imported\n", ""]);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
});
