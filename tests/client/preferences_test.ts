import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import type { Preferences } from "../../lib/domain/preferences.ts";
import { visitCookie, visitOf } from "../../lib/http/last_visit.ts";
import { preferenceCookie, preferencesOf } from "../../lib/http/preferences.ts";

const cookies = (...set: string[]) =>
  new Headers({ cookie: set.map((cookie) => cookie.split(";")[0]).join("; ") });

describe("preferences", () => {
  it("come back as they were kept", () => {
    const headers = cookies(
      preferenceCookie("theme", "dark"),
      preferenceCookie("timeZone", "America/Argentina/Buenos_Aires"),
      preferenceCookie("weekStart", 6),
    );
    assertEquals(preferencesOf(headers), {
      theme: "dark",
      timeZone: "America/Argentina/Buenos_Aires",
      weekStart: 6,
    });
  });

  it("are by default where nothing or nonsense is kept", () => {
    const byDefault: Preferences = { theme: "system", timeZone: null, weekStart: 1 };
    assertEquals(preferencesOf(new Headers()), byDefault);
    const nonsense = "ascribe-theme=red; ascribe-zone=%E0%A4%A; ascribe-week=9; =; ;;";
    assertEquals(preferencesOf(new Headers({ cookie: nonsense })), byDefault);
    assertEquals(preferencesOf(cookies("ascribe-zone=Mars%2FBase")), byDefault);
  });
});

describe("a visit", () => {
  const MINUTE = 60_000;

  it("has none before it at first, and goes on while somebody looks", () => {
    const first = visitOf(new Headers(), 1_000);
    assertEquals(first, { before: null, now: 1_000 });
    const later = visitOf(cookies(visitCookie(first)), 1_000 + 20 * MINUTE);
    assertEquals(later.before, null);
  });

  it("ends after half an hour: news are told since then", () => {
    const first = { before: null, now: 5_000 };
    const second = visitOf(cookies(visitCookie(first)), 5_000 + 31 * MINUTE);
    assertEquals(second.before, 5_000);
    const still = visitOf(cookies(visitCookie(second)), second.now + 29 * MINUTE);
    assertEquals(still.before, 5_000);
  });
});
