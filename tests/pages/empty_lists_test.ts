import { assertEquals, assertStringIncludes } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { openDatabase } from "../../lib/store/database.ts";
import { createApp } from "../../main.ts";
import { withFileRoutes } from "../support/file_routes.ts";
import { localRequest, presetServices } from "../support/services.ts";

describe("an empty list", () => {
  it("says what to do: take a filter away where there is one, else sync", async () => {
    using db = openDatabase(":memory:");
    const handler = (await withFileRoutes(createApp(presetServices(db)))).handler();
    const read = async (path: string) => await (await handler(localRequest(path))).text();
    for (const noun of ["session", "commit", "edit"]) {
      for (const query of ["", "?from=&to=&repository="]) {
        const html = await read(`/${noun}s${query}`);
        assertStringIncludes(html, `No ${noun} yet`);
        assertEquals(html.includes("Take a filter away"), false);
      }
      assertStringIncludes(await read(`/${noun}s?from=2026-01-01`), "Take a filter away");
    }
  });
});
