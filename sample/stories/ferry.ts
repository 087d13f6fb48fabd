import type { Story } from "../story.ts";

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
    {
      subject: "feat(fetch): download with timeout, retries and an upper bound",
      ask:
        "Write Download(ctx, url): 20 s per attempt, 3 attempts with backoff, at most 8 MB. No retries on 4xx.",
      edits: [{
        path: "fetch/download.go",
        text: `package fetch

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

const (
	attempts = 3
	maxBytes = 8 << 20
)

// Download fetches a feed. It tries again on network errors and 5xx, never on 4xx.
func Download(ctx context.Context, url string) (body []byte, err error) {
	for n := range attempts {
		if n > 0 {
			time.Sleep(time.Duration(n*n) * time.Second)
		}
		var again bool
		if body, again, err = downloadOnce(ctx, url); err == nil || !again {
			return body, err
		}
	}
	return nil, fmt.Errorf("after %d attempts: %w", attempts, err)
}
`,
      }],
    },
    {
      subject: "feat(fetch): one attempt and whether to repeat it",
      ask:
        "downloadOnce is still missing. Limit the reader and treat a longer body as an error instead of cutting it.",
      edits: [{
        path: "fetch/download.go",
        text: `
func downloadOnce(ctx context.Context, url string) (body []byte, again bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, false, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, true, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, response.StatusCode >= 500, fmt.Errorf("%s: %s", url, response.Status)
	}
	body, err = io.ReadAll(io.LimitReader(response.Body, maxBytes+1))
	if len(body) > maxBytes {
		return nil, false, fmt.Errorf("%s: more than %d bytes", url, maxBytes)
	}
	return body, true, err
}
`,
      }],
    },
    {
      subject: "feat(store): keep the last timetable of each operator",
      ask:
        "We need the last known timetable to diff against. SQLite, one table, replace all rows of an operator in one transaction.",
      edits: [{
        path: "store/store.go",
        text: `package store

import (
	"database/sql"

	"example.com/ferry/timetable"
	_ "modernc.org/sqlite"
)

const schema = "create table if not exists sailings (operator text, route text, departure integer, arrival integer, vessel text)"

// Store keeps the timetables that were published last.
type Store struct{ db *sql.DB }

// Replace puts an operator's timetable in the place of the last one.
func (s *Store) Replace(operator string, sailings []timetable.Sailing) error {
	tx, err := s.db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.Exec("delete from sailings where operator = ?", operator); err != nil {
		return err
	}
	for _, it := range sailings {
		if _, err := tx.Exec("insert into sailings values (?, ?, ?, ?, ?)", operator, it.Route, it.Departure.Unix(), it.Arrival.Unix(), it.Vessel); err != nil {
			return err
		}
	}
	return tx.Commit()
}
`,
      }],
    },
    {
      subject: "feat(store): open, migrate and load",
      ask:
        "Add Open(path) and Load(operator). WAL mode and a busy timeout, cron and the CLI can meet.",
      edits: [{
        path: "store/open.go",
        text: `package store

import (
	"database/sql"
	"time"

	"example.com/ferry/timetable"
)

// Open opens the store at path and creates its table.
func Open(path string) (*Store, error) {
	db, err := sql.Open("sqlite", path+"?_pragma=journal_mode(wal)&_pragma=busy_timeout(5000)")
	if err != nil {
		return nil, err
	}
	_, err = db.Exec(schema)
	return &Store{db}, err
}

// Load reads an operator's timetable by departure.
func (s *Store) Load(operator string) ([]timetable.Sailing, error) {
	rows, err := s.db.Query("select route, departure, arrival, vessel from sailings where operator = ? order by departure", operator)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []timetable.Sailing
	for rows.Next() {
		var it timetable.Sailing
		var departure, arrival int64
		if err := rows.Scan(&it.Route, &departure, &arrival, &it.Vessel); err != nil {
			return nil, err
		}
		it.Departure, it.Arrival = time.Unix(departure, 0), time.Unix(arrival, 0)
		out = append(out, it)
	}
	return out, rows.Err()
}
`,
      }],
    },
    {
      subject: "feat(config): operators in one TOML file",
      ask:
        "Config file with [[operator]] blocks: name, url, format, zone. Hand-rolled parsing of the five keys is fine, no dependency.",
      edits: [{
        path: "config/config.go",
        text: `package config

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Operator is one feed.
type Operator struct{ Name, URL, Format, Zone string }

// Read parses [[operator]] blocks of key = "value" lines.
func Read(r io.Reader) ([]Operator, error) {
	var operators []Operator
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || line[0] == '#' {
			continue
		}
		if line == "[[operator]]" {
			operators = append(operators, Operator{})
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		if !ok || len(operators) == 0 {
			return nil, fmt.Errorf("line %d: expected key = \\"value\\"", n)
		}
		operators[len(operators)-1].set(strings.TrimSpace(key), strings.Trim(strings.TrimSpace(value), "\\""))
	}
	return operators, lines.Err()
}
`,
      }],
    },
    {
      subject: "feat(config): refuse keys that nobody reads",
      ask:
        "A typo in the config (zonne) cost me an hour. set() must fail on unknown keys and name the valid ones.",
      edits: [{
        path: "config/keys.go",
        text: `package config

import "fmt"

func (o *Operator) set(key, value string) error {
	switch key {
	case "name":
		o.Name = value
	case "url":
		o.URL = value
	case "format":
		o.Format = value
	case "zone":
		o.Zone = value
	default:
		return fmt.Errorf("unknown key %q: use name, url, format or zone", key)
	}
	return nil
}
`,
      }],
    },
    {
      subject: "fix(config): report the error that set returns",
      ask: "We drop the error of set(). Return it with the line number.",
      edits: [{
        path: "config/config.go",
        instead:
          `		operators[len(operators)-1].set(strings.TrimSpace(key), strings.Trim(strings.TrimSpace(value), "\\""))
`,
        text: `		value = strings.Trim(strings.TrimSpace(value), "\\"")
		if err := operators[len(operators)-1].set(strings.TrimSpace(key), value); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
`,
      }],
    },
    {
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
    },
    {
      subject: "feat(report): the same as JSON",
      ask:
        "harbor-web wants to show this. Add a JSON writer next to text, one array, RFC 3339 times.",
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
    },
    {
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
    },
    {
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
    },
    {
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
    },
    {
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
    },
    {
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
    },
    {
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
    },
    {
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
    },
    {
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
    },
    {
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
    },
    {
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
    },
  ],
};
