import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { startServer } from "../support/server.ts";
import { until } from "../support/wait.ts";

const MODULE = `data:application/typescript,import { lowerPriority } from "${new URL(
  "../../lib/sync/worker/priority.ts",
  import.meta.url,
)}"; lowerPriority();`;

/** How nice each thread of a process is, 0 to 19. */
function niceness(pid: number): number[] {
  return [...Deno.readDirSync(`/proc/${pid}/task`)].map(({ name }) => {
    const fields = Deno.readTextFileSync(`/proc/${pid}/task/${name}/stat`).split(") ").at(-1)!;
    return Number(fields.split(" ")[16]);
  });
}

describe("the thread that syncs", { ignore: Deno.build.os !== "linux" }, () => {
  it("gives way to every other thread, the one that answers above all", async () => {
    await using server = await startServer();
    const [main] = niceness(server.pid);
    await until(() => main >= 5 || niceness(server.pid).some((nice) => nice > main));
    const others = niceness(server.pid).filter((nice) => nice !== main);
    assertEquals(others, main >= 5 ? [] : [5]);
  });

  it("stays as nice as it was started", { ignore: Deno.uid() === 0 }, async () => {
    const { code, stderr } = await new Deno.Command("nice", {
      args: ["-n", "12", Deno.execPath(), "run", "-q", "--allow-sys=setPriority", MODULE],
    }).output();
    assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
  });
});
