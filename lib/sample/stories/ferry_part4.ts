import type { Step } from "../story.ts";

/** What happens to ferry after the steps before it, part 4 of 4. */
export const ferryPart4: Step[] = [{
  subject: "feat(metrics): seconds since the last good check",
  ask:
    "Grafana should alert when a feed hasn't been checked for an hour. Write a textfile-collector .prom file after each run, atomically.",
  edits: [{
    path: "metrics.go",
    text: `package main

import (
	"fmt"
	"os"
	"time"
)

func writeMetrics(path string, lastGood map[string]time.Time) error {
	temporary := path + ".new"
	file, err := os.Create(temporary)
	if err != nil {
		return err
	}
	for operator, at := range lastGood {
		fmt.Fprintf(file, "ferry_last_good_check_seconds{operator=%q} %d\\n", operator, at.Unix())
	}
	if err := file.Close(); err != nil {
		return err
	}
	return os.Rename(temporary, path)
}
`,
  }],
}, {
  subject: "docs: exit codes and the config file",
  ask: "Document config and exit codes in the README, with a complete example.",
  edits: [{
    path: "README.md",
    text: `
## Exit codes

| code | meaning |
|---|---|
| 0 | nothing changed |
| 1 | nothing could be checked |
| 2 | the configuration is wrong |
| 3 | something changed |

Each operator is a block in ferry.toml: name, url, format (csv or gtfs) and zone.
`,
  }],
}, {
  subject: "fix(report): the zone of the port, not of the server",
  ask:
    "Times in the mail are in UTC since the move. Use the sailing's own location when formatting.",
  edits: [{
    path: "report/text.go",
    instead: `const clock = "Mon 2 Jan 15:04"
`,
    text: `const clock = "Mon 2 Jan 15:04 MST"
`,
  }],
}, {
  subject: "chore: cut the retries in tests",
  ask:
    "go test takes 14 s because of the backoff. Make the pause a variable that tests set to zero.",
  edits: [{
    path: "fetch/pause.go",
    text: `package fetch

import "time"

// pause waits between attempts. Tests replace it.
var pause = func(n int) { time.Sleep(time.Duration(n*n) * time.Second) }
`,
  }, {
    path: "fetch/download.go",
    instead: `			time.Sleep(time.Duration(n*n) * time.Second)
`,
    text: `			pause(n)
`,
  }],
}, {
  subject: "feat: ferry version",
  ask: "Print the version with ferry version, plain, nothing else.",
  edits: [{
    path: "run.go",
    text: `package main

import "fmt"

func run(args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("say what to do: check or version")
	}
	switch args[0] {
	case "version":
		fmt.Println(Version)
		return nil
	default:
		return fmt.Errorf("unknown command %q: use check or version", args[0])
	}
}
`,
  }],
}, {
  subject: "feat(config): skip an operator without deleting it",
  ask: 'Operator B is closed in winter. Allow off = "true" in its block.',
  edits: [{
    path: "config/config.go",
    instead: `type Operator struct{ Name, URL, Format, Zone string }
`,
    text: `type Operator struct {
	Name, URL, Format, Zone string
	Off                     bool
}
`,
  }, {
    path: "config/keys.go",
    instead: `	case "zone":
`,
    text: `	case "off":
		o.Off = value == "true"
	case "zone":
`,
  }],
}];
