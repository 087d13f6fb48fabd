import { assert, assertEquals } from "@std/assert";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { lastDay } from "../../lib/time/days.ts";
import type { Database } from "../../lib/store/database.ts";
import type { DashboardDay } from "../../lib/store/shapes.ts";
import { createApp } from "../../main.ts";
import { withFileRoutes } from "../support/file_routes.ts";
import { repositoryIdOf, SEED_NOW, seedStore } from "../support/seed.ts";
import { localRequest, presetServices } from "../support/services.ts";

describe("links from the chart of days", () => {
  let db: Database;
  let handler: (request: Request) => Promise<Response>;

  beforeAll(async () => {
    db = seedStore({ sessions: 30, commits: 300, days: 900 });
    handler = (await withFileRoutes(createApp(presetServices(db)))).handler();
  });
  afterAll(() => db[Symbol.dispose]());

  async function read(path: string, zone: string): Promise<string> {
    const response = await handler(
      localRequest(path, { headers: { cookie: `ascribe-zone=${encodeURIComponent(zone)}` } }),
    );
    assertEquals(response.status, 200, path);
    return await response.text();
  }

  const to = new Date(SEED_NOW).toISOString();

  describe("a bar of the overview's chart", () => {
    for (const zone of ["Pacific/Kiritimati", "America/Los_Angeles"]) {
      for (const from of ["2026-04-01", "2024-02-01"]) {
        it(`leads to the commits that it counts, from ${from} on in ${zone}`, async () => {
          const query = `from=${from}&to=${to}&repository=${repositoryIdOf(2)}`;
          const dashboard = JSON.parse(
            await read(`/api/stats/dashboard?${query}&timeZone=${encodeURIComponent(zone)}`, zone),
          );
          const page = await read(`/?${query}`, zone);
          const bars = dashboard.days.filter((day: DashboardDay) =>
            day.linked + day.unlinked + day.elsewhere > 0
          );
          assert(bars.length > 2);
          for (const day of bars.slice(-4)) {
            const link = `/commits?from=${day.date}&to=${
              lastDay(day.date, dashboard.granularity)
            }&repository=${repositoryIdOf(2)}`;
            assert(page.includes(link.replaceAll("&", "&amp;")), link);
            const list = await read(link, zone);
            const count = day.linked + day.unlinked + day.elsewhere;
            assert(
              list.includes(`${count} commit${count === 1 ? "" : "s"} match`),
              `${link} ${count}`,
            );
            assert(list.includes(`name="from" value="${day.date}"`), "and its filter says so");
          }
        });
      }
    }
  });

  describe("lists", () => {
    it("take a day as one of the time zone that the address names, before the reader's", async () => {
      const count = async (query: string) =>
        JSON.parse(await read(`/api/commits?limit=1&from=2026-06-03&to=2026-06-03${query}`, "UTC"))
          .total;
      const times = "/api/commits?limit=1&from=2026-06-02T10:00:00Z&to=2026-06-03T09:59:59.999Z";
      assertEquals(
        await count("&timeZone=Pacific/Kiritimati"),
        JSON.parse(await read(times, "UTC")).total,
      );
    });
  });
});
