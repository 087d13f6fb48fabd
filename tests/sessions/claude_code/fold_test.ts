import { describe, it } from "@std/testing/bdd";
import { fc } from "../../support/harness.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { splitActivities } from "../../../lib/sessions/activities.ts";
import { foldSession, type OwnedPart } from "../../../lib/sessions/fold.ts";
import { parseTime, TIME_LENGTH, TimeReader } from "../../../lib/time/iso_time.ts";
import { hashUuid, hashUuidAt } from "../../../lib/sessions/message_hash.ts";
import { SESSION, START, TranscriptLines } from "./lines.ts";
import { readText } from "./reading.ts";

const MINUTE = 60_000;

describe("activities", () => {
  it("are stretches with no pause over 30 minutes", () => {
    const times = Float64Array.of(0, 30, 61, 62, 200).map((minute) => minute * MINUTE);
    assertEquals(splitActivities(times), [
      { startedAt: 0, endedAt: 30 * MINUTE },
      { startedAt: 61 * MINUTE, endedAt: 62 * MINUTE },
      { startedAt: 200 * MINUTE, endedAt: 200 * MINUTE },
    ]);
  });

  it("are disjoint, ascending, and hold every message, in whatever order", () => {
    const times = fc.array(fc.integer({ min: 0, max: 10_000_000 }), { maxLength: 50 });
    fc.assert(fc.property(times, (times) => {
      const activities = splitActivities(Float64Array.from(times));
      assertEquals(activities, splitActivities(Float64Array.from(times.toReversed())));
      activities.forEach(({ startedAt, endedAt }, i) => {
        assertEquals(startedAt <= endedAt, true);
        assertEquals(i === 0 || startedAt - activities[i - 1].endedAt > 30 * MINUTE, true);
      });
      for (const at of times) {
        assertEquals(activities.filter((a) => a.startedAt <= at && at <= a.endedAt).length, 1);
      }
    }));
  });

  it("cannot be made of what is no time", () => {
    assertThrows(() => splitActivities(Float64Array.of(NaN)), RangeError, "NaN is not a time");
  });
});

describe("a session", () => {
  function fold(...texts: string[]) {
    const parts = texts.flatMap((text, i) =>
      readText(text).parts.map((part): OwnedPart => ({
        ...part,
        key: `/${i}`,
        duplicates: new Set(),
      }))
    );
    const folded = foldSession(parts);
    assertEquals(foldSession(parts.toReversed()), folded);
    return folded;
  }

  it("is named by its user, else by the agent, else by a summary, else by its first prompt", () => {
    const lines = new TranscriptLines();
    const last = lines.prompt("\n  Fix the login\nplease");
    assertEquals(fold(lines.text).title, "Fix the login");
    lines.raw({ type: "summary", summary: "About a login", leafUuid: last });
    lines.raw({ type: "summary", summary: "About another conversation", leafUuid: "elsewhere" });
    assertEquals(fold(lines.text).title, "About a login");
    lines.raw({ type: "ai-title", aiTitle: "Fixing the login", sessionId: SESSION });
    assertEquals(fold(lines.text).title, "Fixing the login");
    lines.raw({ type: "custom-title", customTitle: "Login", sessionId: SESSION });
    assertEquals(fold(lines.text).title, "Login");
  });

  it("tells where it began, where else it worked, and with what", () => {
    const lines = new TranscriptLines({ gitBranch: "main" });
    lines.prompt("Go");
    lines.envelope.cwd = "/home/me/other";
    lines.says("On it");
    lines.calls("Read", { file_key: "/x" });
    lines.says("Done");
    const folded = fold(lines.text);
    assertEquals(folded.project, "/home/me/app");
    assertEquals(folded.cwds, ["/home/me/other", "/home/me/app"]);
    assertEquals(folded.branch, "main");
    assertEquals(folded.models, ["claude-opus-4-5-20251101"]);
    assertEquals(folded.tools, { Read: 1 });
    assertEquals([folded.firstMessage, folded.lastMessage], ["Go", "Done"]);
    assertEquals([folded.startedAt, folded.endedAt], [START, START + 3_000]);
    assertEquals(folded.messageCount, 4);
  });

  it("adds up the files of its subagents", () => {
    const main = new TranscriptLines({}, 1);
    main.prompt("Go");
    main.says("Last words");
    const sub = new TranscriptLines({ agentId: "a1", isSidechain: true }, 2);
    sub.at = START + 10_000;
    sub.prompt("Look around");
    sub.says("Looked");
    const folded = fold(main.text, sub.text);
    assertEquals([folded.firstMessage, folded.lastMessage], ["Go", "Last words"]);
    assertEquals([folded.messageCount, folded.endedAt], [4, START + 11_000]);
  });

  it("knows the id that commits name it by", () => {
    const lines = new TranscriptLines();
    lines.prompt("Go");
    lines.raw({ type: "bridge-session", sessionId: SESSION, bridgeSessionId: "cse_01AbC" });
    assertEquals(fold(lines.text).externalIds, ["01AbC"]);
    lines.add({
      type: "system",
      subtype: "bridge_status",
      url: "https://claude.ai/code/session_02XyZ",
    });
    assertEquals(fold(lines.text).externalIds, ["02XyZ"]);
  });

  it("survives times that step backwards", () => {
    const lines = new TranscriptLines();
    lines.prompt("Later", { at: START + 5_000 });
    lines.prompt("Earlier", { at: START });
    const folded = fold(lines.text);
    assertEquals([folded.startedAt, folded.endedAt], [START, START + 5_000]);
  });

  it("is not harmed by names such as __proto__", () => {
    const lines = new TranscriptLines({ cwd: "constructor", gitBranch: "__proto__" });
    lines.calls("__proto__", {});
    lines.calls("toString", {});
    const folded = fold(lines.text);
    assertEquals([folded.cwds, folded.tools], [["constructor"], { toString: 1 }]);
  });
});

describe("times and uuids", () => {
  it("read in place are what they are when parsed", () => {
    const reader = new TimeReader();
    const time = fc.date({
      min: new Date("1990-01-01"),
      max: new Date("2150-01-01"),
      noInvalidDate: true,
    }).map((date) => date.toISOString());
    const digit = fc.constantFrom(..."0123456789TZ:.-x");
    const odd = fc.array(digit, { minLength: TIME_LENGTH, maxLength: TIME_LENGTH })
      .map((digits) => digits.join(""));
    fc.assert(
      fc.property(time, (text) => assertEquals(reader.at(`"${text}"`, 1), parseTime(text))),
    );
    fc.assert(fc.property(odd, (text) => assertEquals(reader.at(`"${text}"`, 1), null)));
    fc.assert(fc.property(fc.uuid(), (uuid) => {
      assertEquals(hashUuidAt(`"${uuid}"`, 1), hashUuid(uuid));
    }));
    assertEquals(hashUuidAt('"not-a-uuid"', 1), 0);
  });

  it("of any text have a hash that a float64 holds", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (uuid) => {
      const hash = hashUuid(uuid);
      assertEquals(Number.isSafeInteger(hash) && hash > 0, true);
    }));
  });
});
