/** Something that is asked between two steps and changes nothing: what is read and run for it, and the answer. */
export interface Aside {
  /** The step that it follows, counted from 1. */
  after: number;
  ask: string;
  /** Files that are read, by path. */
  reads: string[];
  commands: { command: string; stdout: string }[];
  answer: string;
}

/** How a diff of timetables was talked over. */
export const TIMETABLE_ASIDES: Aside[] = [
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
