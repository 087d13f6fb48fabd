import type { Step } from "../story.ts";

/** What happens to ferry after the steps before it, part 3 of 4. */
export const ferryPart3: Step[] = [{
  subject: "feat(report): what changed, as text",
  ask:
    "Human output for a diff: one line per change, + - ~ in front, local time of the port, and a summary line at the end.",
  edits: [{
    path: "report/text.go",
    text: `package report

import (
	"fmt"
	"io"

	"example.com/ferry/timetable"
)

const clock = "Mon 2 Jan 15:04"

// Text writes one line a change.
func Text(w io.Writer, changes []timetable.Change) {
	for _, change := range changes {
		switch {
		case change.Old == nil:
			fmt.Fprintf(w, "+ %s  %s\\n", change.New.Departure.Format(clock), change.New.Route)
		case change.New == nil:
			fmt.Fprintf(w, "- %s  %s\\n", change.Old.Departure.Format(clock), change.Old.Route)
		default:
			fmt.Fprintf(w, "~ %s  %s  arrives %s\\n", change.New.Departure.Format(clock), change.New.Route, change.New.Arrival.Format(clock))
		}
	}
	fmt.Fprintf(w, "%d changes\\n", len(changes))
}
`,
  }],
}, {
  subject: "feat(report): the same as JSON",
  ask: "harbor-web wants to show this. Add a JSON writer next to text, one array, RFC 3339 times.",
  edits: [{
    path: "report/json.go",
    text: `package report

import (
	"encoding/json"
	"io"
	"time"

	"example.com/ferry/timetable"
)

type row struct {
	Kind, Route        string
	Departure, Arrival time.Time
}

// JSON writes the changes as one array.
func JSON(w io.Writer, changes []timetable.Change) error {
	rows := make([]row, 0, len(changes))
	for _, change := range changes {
		kind, it := "changed", change.New
		if change.Old == nil {
			kind = "added"
		} else if change.New == nil {
			kind, it = "removed", change.Old
		}
		rows = append(rows, row{kind, it.Route, it.Departure, it.Arrival})
	}
	return json.NewEncoder(w).Encode(rows)
}
`,
  }],
}, {
  subject: "feat: ferry check",
  ask:
    "Wire it up: ferry check [--json] fetches all operators in parallel (errgroup, limit 4), diffs against the store and prints the report. Exit 0 without changes, 3 with.",
  edits: [{
    path: "check.go",
    text: `package main

import (
	"context"

	"example.com/ferry/config"
	"example.com/ferry/timetable"
	"golang.org/x/sync/errgroup"
)

func checkAll(ctx context.Context, operators []config.Operator) ([][]timetable.Change, error) {
	changes := make([][]timetable.Change, len(operators))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(4)
	for i, operator := range operators {
		group.Go(func() (err error) {
			changes[i], err = check(ctx, operator)
			return err
		})
	}
	return changes, group.Wait()
}
`,
  }],
}, {
  subject: "fix(check): one broken feed must not hide the others",
  ask:
    "When operator C is down nobody gets a report. Collect errors per operator and report the rest.",
  edits: [{
    path: "check.go",
    instead: `			changes[i], err = check(ctx, operator)
			return err
`,
    text: `			if changes[i], err = check(ctx, operator); err != nil {
				failures.add(operator.Name, err)
			}
			return nil
`,
  }, {
    path: "failures.go",
    text: `package main

import (
	"fmt"
	"io"
	"sync"
)

var failures failureList

type failureList struct {
	mutex sync.Mutex
	lines []string
}

func (f *failureList) add(operator string, err error) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	f.lines = append(f.lines, fmt.Sprintf("%s: %v", operator, err))
}

func (f *failureList) print(w io.Writer) {
	for _, line := range f.lines {
		fmt.Fprintln(w, "ferry: could not check", line)
	}
}
`,
  }],
}, {
  subject: "fix(fetch): sailings in the repeated hour at the end of summer time",
  ask:
    "On 26 October two sailings at 02:30 collapsed into one. The feed marks the second one with a trailing B. Handle A and B.",
  edits: [{
    path: "fetch/repeated_hour.go",
    text: `package fetch

import (
	"strings"
	"time"
)

// parseLocal reads a local time. "A" and "B" after it tell the first from the second
// pass of the hour that is repeated when summer time ends.
func parseLocal(text string, port *time.Location) (time.Time, error) {
	second := strings.HasSuffix(text, "B")
	at, err := time.ParseInLocation(localTime, strings.TrimRight(text, "AB"), port)
	if err != nil || !second {
		return at, err
	}
	return at.Add(time.Hour), nil
}
`,
  }],
}, {
  subject: "feat(fetch): GTFS feeds",
  ask:
    "Operator D is on GTFS. Read stop_times.txt and trips.txt from the zip, only trips whose route_type is 4 (ferry).",
  edits: [{
    path: "fetch/gtfs.go",
    text: `package fetch

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
)

const ferryRoute = "4"

// table reads one file of a GTFS feed as rows by column name.
func table(feed []byte, name string) ([]map[string]string, error) {
	archive, err := zip.NewReader(bytes.NewReader(feed), int64(len(feed)))
	if err != nil {
		return nil, fmt.Errorf("open GTFS feed: %w", err)
	}
	file, err := archive.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	all, err := csv.NewReader(file).ReadAll()
	if err != nil || len(all) == 0 {
		return nil, err
	}
	rows := make([]map[string]string, 0, len(all)-1)
	for _, cells := range all[1:] {
		row := map[string]string{}
		for i, column := range all[0] {
			row[column] = cells[i]
		}
		rows = append(rows, row)
	}
	return rows, nil
}
`,
  }, {
    path: "fetch/download.go",
    text: `
// DownloadArchive fetches a feed that is a zip archive, and refuses what is none: an operator's error page comes
// with status 200 more often than not.
func DownloadArchive(ctx context.Context, url string) ([]byte, error) {
	body, err := Download(ctx, url)
	if err != nil {
		return nil, err
	}
	if len(body) < 4 || string(body[:4]) != "PK\\x03\\x04" {
		return nil, fmt.Errorf("%s: not a zip archive", url)
	}
	return body, nil
}
`,
  }],
}];
