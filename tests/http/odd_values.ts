/** Values that a parameter, a part of a path or a header may turn out to have, as they stand in an address. */
export const ODD_VALUES: readonly string[] = [
  ...["", "%20", "0", "-1", "1.5", "1e3", "NaN", "Infinity", "0x10", "%D9%A3", "true", "null"],
  ...["9007199254740993", "99999999999999999999999", "[]", "{}", "undefined", "__proto__"],
  ...["%00", "a%00b", "%ff%fe", "%c0%80", "%", "%zz", "%ED%A0%80", "%E2%80%AE", "%F0%9F%98%80"],
  ...["..%2f..%2fetc%2fpasswd", "%252e%252e%252f", "%2e%2e", "a//b", "a/", "a%5Cb", ".git/config"],
  ...["'%20OR%201=1--", "%22%22%22", "*", "%25%25", "_%25", "(((((", "AND%20OR%20NOT", "%22"],
  ...["NEAR(%22a%22,5)", "a*b*c*", "-a", "^a", "a:b", "%0d%0aset-cookie:%20a=1", "<script>"],
  ...["2026-02-30", "2026-13-01", "0000-00-00", "-271821-04-20", "%2B275760-09-13", "10000-01-01"],
  ...["2026-03-01T00:00:00Z", "1970-01-01", "Mars/Phobos", "Europe/Berlin", "UTC%2B99", "all"],
  ...["HEAD", "HEAD~1", "-x", "--output=x", "@%7Bu%7D", "refs/heads/main", "main:a", "abcd"],
  "x".repeat(300),
  "x".repeat(7_000),
  ...[[], {}, "x", [null, null], ["sessions.ended.desc", 1e15, "x"], [1], ["a", {}, []]].map(
    cursorOf,
  ),
  ...["[".repeat(2_000), '["sessions.ended.desc",1e400,1]', "\0"].map((text) => btoa(text)),
];

/** What a body of JSON may turn out to be. */
export const ODD_BODIES: readonly string[] = [
  ...["", "{", "null", "[]", "0", '"x"', "{}", "[".repeat(30_000), '{"seconds":"60"}'],
  ...['{"seconds":-1}', '{"seconds":1e400}', '{"seconds":null}', '{"seconds":60.5}'],
  ...['{"__proto__":{"seconds":60}}', '{"oldPath":1,"newPath":[]}', '{"oldPath":"","newPath":""}'],
  ...['{"oldPath":"a","newPath":"b"}', '{"oldPath":"/a\\u0000b","newPath":"/"}'],
  `{"oldPath":"/${"x".repeat(60_000)}","newPath":"/"}`,
  "setting=week-start&week=99",
  "setting=interval&seconds=%00",
  "setting=erase&word=no",
  "setting=none",
  "setting=alias&oldPath=%ff&newPath=relative",
];

/** Headers that no browser sends so. */
export const ODD_HEADERS: readonly Record<string, string>[] = [
  ...["bytes=0-", "bytes=-1", "bytes=5-1", "bytes=0-0,1-1,2-2", "lines=1-2", "x"].map((range) => ({
    range,
  })),
  ...["*", '""', 'W/"x"', "x".repeat(5_000)].map((value) => ({ "if-none-match": value })),
  ...["Thu, 01 Jan 1970 00:00:00 GMT", "never", "0"].map((since) => ({
    "if-modified-since": since,
  })),
  ...["application/json", "*/*;q=x", "text/html, */*"].map((accept) => ({ accept })),
  ...["ascribe-zone=%00; ascribe-week=9", "a", "=;=;=", "x=".padEnd(4_000, "y")].map((cookie) => ({
    cookie,
  })),
  ...["-1", "abc", "999999999999999999", "5-"].map((id) => ({ "last-event-id": id })),
  ...["gzip, br", "identity;q=0"].map((encoding) => ({ "accept-encoding": encoding })),
  { "x-http-method-override": "DELETE", "x-forwarded-host": "example.org", te: "trailers" },
];

function cursorOf(value: unknown): string {
  return btoa(JSON.stringify(value)).replaceAll("=", "");
}
