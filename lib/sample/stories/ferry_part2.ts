import type { Step } from "../story.ts";

/** What happens to ferry after the steps before it, part 2 of 4. */
export const ferryPart2: Step[] = [{
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
}, {
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
}, {
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
}, {
  subject: "feat(store): open, migrate and load",
  ask: "Add Open(path) and Load(operator). WAL mode and a busy timeout, cron and the CLI can meet.",
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
}, {
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
}, {
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
}, {
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
}];
