import { assertEquals, assertRejects } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { parseActionInput, parseInput } from "../../lib/http/input.ts";
import { QueryError } from "../../lib/queries/query.ts";
import { QUERY_SCHEMAS, STREAM_SCHEMAS } from "../../lib/queries/schemas.ts";

const texts = (query: string) => new URLSearchParams(query);

describe("what a query is asked with", () => {
  it("is read from the texts of an address", async () => {
    assertEquals(
      await parseInput("sessions", texts("limit=7&hasCommits=false&text=%20loom%20&other=1")),
      { limit: 7, hasCommits: false, text: "loom" },
    );
    assertEquals(await parseInput("links", texts("tier=2&repository=loom")), {
      tier: 2,
      repository: "loom",
    } as never);
  });

  it("counts an empty text as not given, and takes the first of several", async () => {
    assertEquals(await parseInput("sessions", texts("limit=&text=%20&sort=ended&sort=x")), {
      sort: "ended",
      text: undefined,
    });
  });

  it("has the parts of the path before what stands behind the question mark", async () => {
    const input = await parseInput("session", texts("id=other&prompts=3"), { id: "own" });
    assertEquals(input, { id: "own", prompts: 3 });
  });

  it("is refused with what to send instead", async () => {
    const cases: [string, string][] = [
      ["limit=501", 'limit must be a whole number from 1 to 500, not "501".'],
      ["limit=1e2", 'limit must be a whole number from 1 to 500, not "1e2".'],
      ["from=2026-02-30T25:00Z", "from must be a date such as 2026-03-01 or a time such as"],
      [`text=${"x".repeat(201)}`, "text must be at most 200 characters, not 201."],
      [`sort=${"x".repeat(90)}`, `not "${"x".repeat(40)}…".`],
    ];
    for (const [query, message] of cases) {
      await assertRejects(() => parseInput("sessions", texts(query)), QueryError, message);
    }
    await assertRejects(
      () => parseActionInput("setInterval", { seconds: 9 }),
      QueryError,
      "seconds must be 0, which turns background syncs off, or a whole number from 10 to 86400.",
    );
    for (const body of [null, [], "x", { seconds: "60" }]) {
      await assertRejects(() => parseActionInput("setInterval", body), QueryError, "seconds must");
    }
  });

  it("is checked no more than an address without parameters needs", async () => {
    assertEquals(await parseInput("overview", texts("")), {});
  });

  it("may be left out where the address of the API has it behind the question mark", () => {
    // An address without parameters is answered without a look at the schema.
    const inPath = new Set(["id", "hash"]);
    for (const [name, { input }] of Object.entries({ ...QUERY_SCHEMAS, ...STREAM_SCHEMAS })) {
      if (Object.keys(input.shape).some((field) => inPath.has(field)) || name === "news") continue;
      assertEquals(input.safeParse({}).success, true, name);
    }
  });
});
