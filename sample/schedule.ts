import type { Aside, CommitWay, HandScene, Scene, SessionScene } from "./story.ts";

/** How a diff of timetables was talked over. */
const TIMETABLE_ASIDES: Aside[] = [
  {
    after: 1,
    ask: "Why UTC in Key()? The operators all think in local time.",
    reads: ["timetable/sailing.go", "README.md"],
    commands: [],
    answer:
      "Because the same sailing must keep its key when the clocks change. In local time 02:30 on the last Sunday of October is two moments, and both would have one key.",
  },
  {
    after: 1,
    ask: "And what happens if an operator corrects a departure by five minutes?",
    reads: ["timetable/sailing.go"],
    commands: [],
    answer:
      "Its key changes, so it shows as one sailing removed and one added. For passengers that is the truth: who stands there at the old time misses the ship.",
  },
  {
    after: 1,
    ask:
      "Equal leaves the vessel out. Check whether anything downstream cares about the vessel, I'd rather not find out in production.",
    reads: ["main.go"],
    commands: [
      { command: "grep -rn Vessel --include=*.go .", stdout: "./timetable/sailing.go:10:\tVessel" },
      { command: "go vet ./...", stdout: "" },
      { command: "git log --oneline -5", stdout: "" },
    ],
    answer:
      "Nothing reads it yet. I would leave it out of Equal: a swapped ship is worth a line in the log and not a message to a passenger.",
  },
  {
    after: 2,
    ask: "How does Diff behave with 40,000 sailings on either side? Measure it, don't guess.",
    reads: ["timetable/diff.go", "timetable/order.go"],
    commands: [
      { command: "nproc", stdout: "8" },
      {
        command: "go test -run NONE -bench Diff -benchmem ./timetable",
        stdout: "BenchmarkDiff-8   \t      64\t  18402117 ns/op\t 9437431 B/op\t   40031 allocs/op",
      },
      {
        command:
          "go test -run NONE -bench Diff -cpuprofile cpu.out ./timetable && go tool pprof -top",
        stdout:
          "      flat  flat%\n     6.1ms 33.1%  time.Time.Format\n     4.4ms 23.9%  runtime.mapassign",
      },
      { command: "rm cpu.out", stdout: "" },
    ],
    answer:
      "18 ms and 9 MB. A third of it is formatting the keys; a struct as key would save that, at the cost of a stable text in the store. At one run an hour I'd leave it.",
  },
  {
    after: 2,
    ask: "Leave it. Is the order stable when two ships leave at the same minute?",
    reads: ["timetable/order.go"],
    commands: [],
    answer:
      "Not for sailings that were removed: they come out of a map, and slices.SortFunc keeps no order among equals. Compare the route as the second key if a test needs it.",
  },
  {
    after: 2,
    ask:
      "Then write the test next, and mention that in the pull request. Anything else I should know?",
    reads: [],
    commands: [{ command: "git status --short", stdout: "" }],
    answer:
      "One thing: Change holds pointers into the slices that Diff was given. As long as nobody appends to them afterwards that is fine, and it is what keeps the 9 MB from being 20.",
  },
];

type When = [repo: string, day: number, at: string];

function session(
  [repo, day, at]: When,
  way: CommitWay,
  options: Partial<Omit<SessionScene, "kind" | "way">> = {},
): Scene {
  return { kind: "session", repo, day, at, way, steps: 1, ...options };
}

function hand([repo, day, at]: When, who: HandScene["who"], steps = 1): Scene {
  return { kind: "hand", repo, day, at, who, steps };
}

function chore([repo, day, at]: When, kind: "release" | "dependencies"): Scene {
  return { kind, repo, day, at };
}

/** Ninety days of work, one line a stretch. Steps are taken from each story in this order. */
export const SCHEDULE: Scene[] = [
  session(["tidemark", 90, "09:40"], "output", { steps: 2, title: "Harmonic tide prediction" }),
  session(["tidemark", 88, "10:10"], "output", { steps: 2 }),
  chore(["tidemark", 86, "11:30"], "dependencies"),
  session(["tidemark", 83, "14:05"], "heredoc", { steps: 2, title: "High and low water" }),
  hand(["tidemark", 80, "16:20"], "mara"),
  session(["tidemark", 77, "09:30"], "output", { steps: 2, agents: "progress" }),
  chore(["tidemark", 74, "15:00"], "release"),
  session(["tidemark", 70, "15:20"], "quiet"),
  session(["tidemark", 69, "11:00"], "output"),
  session(["tidemark", 64, "10:00"], "output", {
    steps: 2,
    branch: { name: "positions", lands: "rebase", after: 190 },
  }),
  chore(["tidemark", 64, "12:10"], "dependencies"),
  chore(["tidemark", 60, "16:40"], "release"),
  session(["tidemark", 57, "13:30"], "skill", { title: "High waters as a calendar feed" }),
  hand(["tidemark", 55, "09:20"], "jonas"),
  session(["tidemark", 50, "09:15"], "output", { title: "Rate limiting" }),
  session(["tidemark", 49, "14:30"], "output", { forks: 50 }),
  session(["tidemark", 44, "10:45"], "output", {
    branch: { name: "surge", lands: "merge", after: 95 },
    worktree: "kept",
  }),
  hand(["tidemark", 40, "17:10"], "mara"),
  session(["tidemark", 34, "09:50"], "output", {
    steps: 3,
    branch: { name: "query-schema", lands: "squash", after: 2_800 },
    pause: { before: 3, minutes: 1_390 },
  }),
  chore(["tidemark", 28, "15:30"], "release"),
  chore(["tidemark", 23, "10:00"], "dependencies"),
  session(["tidemark", 20, "11:15"], "output"),
  session(["tidemark", 12, "14:40"], "byHand", {
    renames: { found: "turns", brest: "port" },
    after: 1_400,
  }),
  session(["tidemark", 4, "09:35"], "heredoc", { title: "Stop using a stale surge forecast" }),

  session(["ferry", 89, "13:00"], "output", {
    steps: 3,
    title: "Timetable diff",
    asides: TIMETABLE_ASIDES,
  }),
  session(["ferry", 85, "10:20"], "output"),
  hand(["ferry", 84, "08:50"], "mara"),
  session(["ferry", 79, "15:10"], "heredoc", { steps: 2 }),
  hand(["ferry", 76, "13:40"], "jonas", 2),
  session(["ferry", 71, "14:00"], "output", { steps: 2, agents: "progress" }),
  hand(["ferry", 70, "09:10"], "mara"),
  session(["ferry", 66, "10:30"], "output", { steps: 2, pause: { before: 2, minutes: 145 } }),
  chore(["ferry", 63, "11:00"], "dependencies"),
  session(["ferry", 61, "09:20"], "mixed", { steps: 2, title: "ferry check" }),
  session(["ferry", 58, "10:00"], "output", { title: "The repeated hour in October" }),
  session(["ferry", 58, "10:02"], "quiet", { title: "GTFS feeds" }),
  chore(["ferry", 52, "16:00"], "release"),
  session(["ferry", 46, "13:20"], "quiet"),
  hand(["ferry", 45, "10:40"], "mara"),
  chore(["ferry", 41, "14:20"], "dependencies"),
  session(["ferry", 36, "09:58"], "output"),
  hand(["ferry", 36, "09:54"], "mara"),
  session(["ferry", 22, "15:45"], "byHand", {
    renames: { args: "words", "fmt.": "log." },
    after: 2_750,
  }),
  chore(["ferry", 17, "10:30"], "release"),
  session(["ferry", 9, "11:10"], "skill", { title: "Operators that are closed in winter" }),

  session(["harbor-web", 87, "09:10"], "output", { steps: 2, title: "Tide curve" }),
  hand(["harbor-web", 85, "14:00"], "jonas"),
  session(["harbor-web", 82, "10:00"], "output", { steps: 3, title: "Map of stations" }),
  session(["harbor-web", 78, "13:15"], "output", { folder: "src" }),
  session(["harbor-web", 75, "11:20"], "heredoc", { steps: 2 }),
  chore(["harbor-web", 73, "09:00"], "dependencies"),
  session(["harbor-web", 68, "10:40"], "output", {
    steps: 3,
    pause: { before: 3, minutes: 1_180 },
  }),
  chore(["harbor-web", 63, "16:20"], "release"),
  hand(["harbor-web", 59, "11:10"], "jonas", 2),
  hand(["harbor-web", 56, "09:45"], "mara"),
  session(["harbor-web", 48, "14:00"], "output", { title: "The tide curve in words" }),
  session(["harbor-web", 48, "14:02"], "output", { title: "Keyboard access" }),
  chore(["harbor-web", 45, "10:15"], "dependencies"),
  session(["harbor-web", 43, "15:00"], "slash"),
  session(["harbor-web", 38, "10:20"], "output"),
  session(["harbor-web", 33, "09:30"], "output", {
    steps: 2,
    branch: { name: "service-day", lands: "squash", after: 4_380 },
  }),
  session(["harbor-web", 27, "13:50"], "output", {
    branch: { name: "print", lands: "rebase", after: 170 },
    worktree: "removed",
  }),
  chore(["harbor-web", 27, "15:20"], "dependencies"),
  hand(["harbor-web", 21, "16:00"], "mara"),
  session(["harbor-web", 15, "09:40"], "byHand", {
    title: "The curve follows the window",
    renames: { element: "box", width: "pixels", Width: "Pixels", observer: "watcher" },
  }),
  chore(["harbor-web", 11, "14:10"], "release"),
  session(["harbor-web", 6, "11:30"], "heredoc"),

  session(["sounding", 88, "14:30"], "output", { steps: 3, title: "Read the boats' logs" }),
  session(["sounding", 84, "09:50"], "heredoc"),
  hand(["sounding", 81, "10:30"], "jonas", 2),
  session(["sounding", 77, "13:40"], "output", { steps: 2, title: "Fish and bubbles" }),
  session(["sounding", 72, "10:10"], "output"),
  session(["sounding", 67, "09:20"], "output", { steps: 3, agents: "progress" }),
  chore(["sounding", 65, "15:10"], "dependencies"),
  session(["sounding", 62, "11:00"], "output", { title: "Hourly surge job" }),
  hand(["sounding", 61, "07:50"], "mara", 2),
  session(["sounding", 54, "13:10"], "output", { agents: "files", title: "Faster medians" }),
  chore(["sounding", 51, "16:30"], "release"),
  hand(["sounding", 47, "09:00"], "jonas"),
  hand(["sounding", 42, "14:50"], "mara"),
  session(["sounding", 35, "10:25"], "quiet"),
  session(["sounding", 31, "15:35"], "output"),
  session(["sounding", 25, "09:15"], "output", { steps: 2, agents: "files" }),
  chore(["sounding", 24, "11:00"], "dependencies"),
  session(["sounding", 18, "13:00"], "heredoc", { remote: true }),
  chore(["sounding", 10, "15:00"], "release"),
  session(["sounding", 5, "10:50"], "byHand", { after: 1_330 }),

  session(["handbook", 83, "16:30"], "output"),
  hand(["handbook", 76, "09:30"], "mara"),
  hand(["handbook", 69, "17:00"], "jonas"),
  session(["handbook", 60, "09:05"], "output", { steps: 2 }),
  hand(["handbook", 53, "12:00"], "mara"),
  hand(["handbook", 45, "16:10"], "jonas"),
  session(["handbook", 39, "11:40"], "output"),
  hand(["handbook", 29, "09:25"], "mara", 2),
  session(["handbook", 19, "16:00"], "output"),
  hand(["handbook", 10, "10:05"], "mara"),
  session(["handbook", 3, "14:20"], "output", { title: "Who decides in a review" }),
];
