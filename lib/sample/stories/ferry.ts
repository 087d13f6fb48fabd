import type { Story } from "../story.ts";
import { ferryPart2 } from "./ferry_part2.ts";
import { ferryPart3 } from "./ferry_part3.ts";
import { ferryPart4 } from "./ferry_part4.ts";

/** A command that keeps timetables in step with the operators. */
export const ferry: Story = {
  name: "ferry",
  check: "go test ./...",
  release: { path: "version.go", before: 'const Version = "', after: '"' },
  dependencies: {
    path: "go.mod",
    lines: ["github.com/spf13/pflag v1.0.", "golang.org/x/sync v0.7.", "modernc.org/sqlite v1.30."],
  },
  first: {
    "README.md": `# ferry

Fetches the operators' timetables, compares them with what we publish, and says what changed.
`,
    "go.mod": `module example.com/ferry

go 1.23

require (
	github.com/spf13/pflag v1.0.0
	golang.org/x/sync v0.7.0
	modernc.org/sqlite v1.30.0
)
`,
    "version.go": `package main

const Version = "0.1.0"
`,
    "main.go": `package main

import (
	"fmt"
	"os"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "ferry:", err)
		os.Exit(1)
	}
}
`,
  },
  steps: [
    {
      subject: "feat(timetable): a sailing and how two of them compare",
      ask:
        "Start with the domain: a Sailing has route, departure, arrival and vessel. I need Key() to identify it across fetches and Equal() for what a passenger would notice.",
      edits: [{
        path: "timetable/sailing.go",
        text: `package timetable

import "time"

// Sailing is one crossing on one day.
type Sailing struct {
	Route     string
	Departure time.Time
	Arrival   time.Time
	Vessel    string
}

// Key identifies a sailing from one fetch to the next.
func (s Sailing) Key() string {
	return s.Route + " " + s.Departure.UTC().Format("2006-01-02T15:04Z")
}

// Equal reports whether a passenger would notice no difference.
func (s Sailing) Equal(o Sailing) bool {
	return s.Route == o.Route && s.Departure.Equal(o.Departure) && s.Arrival.Equal(o.Arrival)
}
`,
      }],
    },
    {
      subject: "feat(timetable): diff two timetables",
      ask:
        "Diff(old, new []Sailing) that returns added, removed and changed. Order by departure so the output is stable.",
      edits: [{
        path: "timetable/diff.go",
        text: `package timetable

import "slices"

// Change says what became of one sailing. Old or New is nil where there is none.
type Change struct {
	Old, New *Sailing
}

// Diff lists what differs between two timetables, by departure.
func Diff(before, after []Sailing) []Change {
	known := make(map[string]*Sailing, len(before))
	for i := range before {
		known[before[i].Key()] = &before[i]
	}
	var changes []Change
	for i := range after {
		old := known[after[i].Key()]
		delete(known, after[i].Key())
		if old == nil || !old.Equal(after[i]) {
			changes = append(changes, Change{old, &after[i]})
		}
	}
	for _, gone := range known {
		changes = append(changes, Change{gone, nil})
	}
	slices.SortFunc(changes, byDeparture)
	return changes
}
`,
      }, {
        path: "timetable/order.go",
        text: `package timetable

func (c Change) any() *Sailing {
	if c.New != nil {
		return c.New
	}
	return c.Old
}

func byDeparture(a, b Change) int {
	return a.any().Departure.Compare(b.any().Departure)
}
`,
      }],
    },
    {
      subject: "test(timetable): added, removed and changed sailings",
      ask: "Table test for Diff, one row for each of added, removed, changed, unchanged.",
      edits: [{
        path: "timetable/diff_test.go",
        text: `package timetable

import (
	"testing"
	"time"
)

func at(hour int) time.Time { return time.Date(2026, 1, 4, hour, 0, 0, 0, time.UTC) }

func TestDiffFindsWhatChanged(t *testing.T) {
	morning := Sailing{Route: "Roscoff", Departure: at(8), Arrival: at(14)}
	late := Sailing{Route: "Roscoff", Departure: at(8), Arrival: at(15)}
	evening := Sailing{Route: "Roscoff", Departure: at(20), Arrival: at(23)}
	got := Diff([]Sailing{morning}, []Sailing{late, evening})
	if len(got) != 2 || got[0].Old == nil || got[1].Old != nil {
		t.Fatalf("got %+v", got)
	}
}
`,
      }],
    },
    {
      subject: "feat(fetch): read an operator's CSV feed",
      ask:
        "Operator A delivers CSV with a header row: route;dep;arr;ship, times local to the port without zone. Parse it; the zone comes from the route's config.",
      edits: [{
        path: "fetch/csv.go",
        text: `package fetch

import (
	"encoding/csv"
	"fmt"
	"io"
	"time"

	"example.com/ferry/timetable"
)

const localTime = "02.01.2006 15:04"

// CSV reads a feed whose times are local to the port of departure.
func CSV(r io.Reader, port *time.Location) ([]timetable.Sailing, error) {
	rows := csv.NewReader(r)
	rows.Comma = ';'
	all, err := rows.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read feed: %w", err)
	}
	var sailings []timetable.Sailing
	for n, row := range all[1:] {
		departure, err := time.ParseInLocation(localTime, row[1], port)
		if err != nil {
			return nil, fmt.Errorf("row %d: departure: %w", n+2, err)
		}
		arrival, err := time.ParseInLocation(localTime, row[2], port)
		if err != nil {
			return nil, fmt.Errorf("row %d: arrival: %w", n+2, err)
		}
		sailings = append(sailings, timetable.Sailing{Route: row[0], Departure: departure, Arrival: arrival, Vessel: row[3]})
	}
	return sailings, nil
}
`,
      }],
    },
    {
      subject: "fix(fetch): an empty feed is an error, not a panic",
      ask:
        "Panic in production: index out of range in CSV when the operator sends an empty file. An empty file must be an error, we'd otherwise report every sailing as cancelled.",
      edits: [{
        path: "fetch/csv.go",
        instead: `	var sailings []timetable.Sailing
`,
        text: `	if len(all) < 2 {
		return nil, ErrEmptyFeed
	}
	var sailings []timetable.Sailing
`,
      }, {
        path: "fetch/errors.go",
        text: `package fetch

import "errors"

// ErrEmptyFeed means that a feed came without a single sailing.
var ErrEmptyFeed = errors.New("the feed is empty: nothing was changed")
`,
      }],
    },
    ...ferryPart2,
    ...ferryPart3,
    ...ferryPart4,
  ],
};
