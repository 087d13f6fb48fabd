import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { Scheduler } from "../../lib/sync/scheduler.ts";
import { until } from "../support/wait.ts";

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

describe("Scheduler", () => {
  it("works on start and then every interval", async () => {
    let runs = 0;
    using scheduler = new Scheduler(() => ++runs > 0, 0.01);
    assertEquals(runs, 0);
    scheduler.start();
    assertEquals(runs, 1);
    await until(() => runs >= 4);
  });

  it("never works with an interval of 0", async () => {
    let runs = 0;
    using scheduler = new Scheduler(() => ++runs > 0, 0);
    scheduler.start();
    await pause(30);
    assertEquals(runs, 0);
  });

  it("takes a new interval at once, off and on", async () => {
    let runs = 0;
    using scheduler = new Scheduler(() => ++runs > 0, 3600);
    scheduler.start();
    scheduler.setIntervalSecs(0.01);
    await until(() => runs >= 3);
    scheduler.setIntervalSecs(0);
    const before = runs;
    await pause(30);
    assertEquals(runs, before);
    scheduler.setIntervalSecs(0.01);
    await until(() => runs > before);
  });

  it("does not begin because its interval was set", async () => {
    let runs = 0;
    using scheduler = new Scheduler(() => ++runs > 0, 60);
    scheduler.setIntervalSecs(0.005);
    await pause(30);
    assertEquals(runs, 0);
    scheduler.start();
    await until(() => runs >= 2);
  });

  it("hurries: works at once, or as soon as it can, once for all who asked meanwhile", async () => {
    let runs = 0;
    let busy = false;
    const work = () => {
      if (busy) return false;
      runs++;
      return true;
    };
    using scheduler = new Scheduler(work, 60);
    scheduler.runSoon();
    assertEquals(runs, 0, "it had not begun");
    scheduler.start();
    scheduler.runSoon();
    assertEquals(runs, 2);
    busy = true;
    for (let n = 0; n < 100; n++) scheduler.runSoon();
    busy = false;
    await until(() => runs > 2);
    await pause(30);
    assertEquals(runs, 3);
    scheduler.setIntervalSecs(0);
    scheduler.runSoon();
    assertEquals(runs, 3);
  });

  it("works no more once disposed of", async () => {
    let runs = 0;
    {
      using scheduler = new Scheduler(() => ++runs > 0, 0.005);
      scheduler.start();
    }
    await pause(30);
    assert(runs === 1);
  });
});
