/** What linking finds besides links: copies of commits, and what came of the lines that sessions wrote. */
const linking = `
-- Which commits of a repository are copies of one change, each pair both ways, and by what (\`CopyReason\`).
CREATE TABLE commit_copies (
  commit_id INTEGER NOT NULL REFERENCES commits(id) ON DELETE CASCADE,
  copy_id INTEGER NOT NULL REFERENCES commits(id) ON DELETE CASCADE,
  reason TEXT NOT NULL,
  PRIMARY KEY (commit_id, copy_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX commit_copies_by_copy ON commit_copies(copy_id);

-- Commits for which something speaks for a session that they are not linked with: narrow rows to count by.
CREATE TABLE doubtful_commits (
  commit_id INTEGER PRIMARY KEY REFERENCES commits(id) ON DELETE CASCADE
) STRICT;
CREATE TRIGGER doubtful_insert AFTER INSERT ON link_considerations
WHEN new.considered ->> '$[0].confidence' >= 0.1 BEGIN
  INSERT OR IGNORE INTO doubtful_commits (commit_id) VALUES (new.commit_id);
END;
CREATE TRIGGER doubtful_update AFTER UPDATE OF considered ON link_considerations BEGIN
  DELETE FROM doubtful_commits WHERE commit_id = new.commit_id;
  INSERT INTO doubtful_commits (commit_id)
    SELECT new.commit_id WHERE new.considered ->> '$[0].confidence' >= 0.1;
END;
CREATE TRIGGER doubtful_delete AFTER DELETE ON link_considerations BEGIN
  DELETE FROM doubtful_commits WHERE commit_id = old.commit_id;
END;

-- What came of the lines that a session wrote in a file. A session's totals stand with it; rows also go with their
-- session or repository, so that only the table itself can keep them.
CREATE TABLE written_files (
  id INTEGER PRIMARY KEY,
  session_id INTEGER NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
  repository_id INTEGER NOT NULL REFERENCES repositories(id) ON DELETE CASCADE,
  path TEXT NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  written INTEGER NOT NULL,
  landed INTEGER NOT NULL,
  undone INTEGER NOT NULL,
  uncounted INTEGER NOT NULL,
  unlanded INTEGER NOT NULL GENERATED ALWAYS AS (written - landed - undone) VIRTUAL,
  UNIQUE (session_id, repository_id, path)
) STRICT;
CREATE INDEX written_files_by_time ON written_files(last_at, id, landed, unlanded);
-- The last columns let a repository's lines be added up, and its files be filtered, within the index.
CREATE INDEX written_files_by_repository
  ON written_files(repository_id, last_at, id, written, landed, undone, unlanded);
CREATE INDEX unlanded_files ON written_files(last_at, id, landed) WHERE unlanded > 0;
CREATE INDEX landed_files ON written_files(last_at, id) WHERE landed > 0 AND unlanded = 0;

CREATE TRIGGER written_files_insert AFTER INSERT ON written_files BEGIN
  UPDATE sessions SET lines_written = lines_written + new.written, lines_landed = lines_landed + new.landed,
    lines_undone = lines_undone + new.undone WHERE id = new.session_id;
END;
CREATE TRIGGER written_files_update AFTER UPDATE OF written, landed, undone ON written_files BEGIN
  UPDATE sessions SET lines_written = lines_written + new.written - old.written,
    lines_landed = lines_landed + new.landed - old.landed,
    lines_undone = lines_undone + new.undone - old.undone WHERE id = new.session_id;
END;
CREATE TRIGGER written_files_delete AFTER DELETE ON written_files BEGIN
  UPDATE sessions SET lines_written = lines_written - old.written, lines_landed = lines_landed - old.landed,
    lines_undone = lines_undone - old.undone WHERE id = old.session_id;
END;
`;

/** Which lines of sessions survive. The tables are filled after runs, not by them. */
const surviving = `
-- Which version of a repository its written lines were last counted in, and from what.
CREATE TABLE surviving_counts (
  repository_id INTEGER PRIMARY KEY REFERENCES repositories(id) ON DELETE CASCADE,
  counted_from TEXT NOT NULL,
  head TEXT,
  failure TEXT
) STRICT;

-- How many lines of a commit a session wrote, and how many of them stand in that version. Only of commits in its history.
CREATE TABLE surviving_lines (
  commit_id INTEGER NOT NULL REFERENCES commits(id) ON DELETE CASCADE,
  session_id INTEGER NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
  written INTEGER NOT NULL,
  surviving INTEGER NOT NULL,
  PRIMARY KEY (commit_id, session_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX surviving_lines_by_session ON surviving_lines(session_id);

-- Files of that version, with the stored commits that their lines came with: a file is not looked at twice. Lines from
-- before \`since\` have none, and neither has a file that was \`skipped\`, for a reason of lib/git/blame/surviving.ts.
CREATE TABLE surviving_files (
  id INTEGER PRIMARY KEY,
  repository_id INTEGER NOT NULL REFERENCES repositories(id) ON DELETE CASCADE,
  path TEXT NOT NULL,
  blob TEXT NOT NULL,
  since INTEGER NOT NULL,
  skipped TEXT,
  UNIQUE (repository_id, path)
) STRICT;
CREATE INDEX surviving_files_skipped ON surviving_files(repository_id, skipped) WHERE skipped IS NOT NULL;
CREATE TABLE surviving_groups (
  file_id INTEGER NOT NULL REFERENCES surviving_files(id) ON DELETE CASCADE,
  commit_id INTEGER NOT NULL REFERENCES commits(id) ON DELETE CASCADE,
  path TEXT NOT NULL,
  first_line INTEGER NOT NULL,
  last_line INTEGER NOT NULL
) STRICT;
CREATE INDEX surviving_groups_by_file ON surviving_groups(file_id);
CREATE INDEX surviving_groups_by_commit ON surviving_groups(commit_id);
`;

/**
 * The full-text indexes. They hold words only: what a hit shows is read from its own table.
 *
 * A session's words change in place and are kept by triggers. Commits and events come by the ten thousand, and a
 * trigger for each would double the time of a scan: `refreshSearch` (search_index.ts) takes them in at the end of a
 * sync, all beyond the mark. Rows that are deleted lower the mark, since SQLite may give their ids anew.
 */
const search = `
CREATE VIRTUAL TABLE session_search USING fts5(
  title, first_message, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2"
);
CREATE TRIGGER session_search_insert AFTER INSERT ON sessions
WHEN new.title IS NOT NULL OR new.first_message IS NOT NULL BEGIN
  INSERT INTO session_search (rowid, title, first_message) VALUES (new.id, new.title, new.first_message);
END;
CREATE TRIGGER session_search_update AFTER UPDATE OF title, first_message ON sessions
WHEN new.title IS NOT old.title OR new.first_message IS NOT old.first_message BEGIN
  INSERT OR REPLACE INTO session_search (rowid, title, first_message)
  VALUES (new.id, new.title, new.first_message);
END;
CREATE TRIGGER session_search_delete AFTER DELETE ON sessions BEGIN
  DELETE FROM session_search WHERE rowid = old.id;
END;

CREATE TABLE search_marks (
  name TEXT PRIMARY KEY,
  last_id INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO search_marks VALUES ('commits', 0), ('events', 0);

CREATE VIRTUAL TABLE commit_search USING fts5(
  subject, author, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2"
);
CREATE TRIGGER commit_search_delete AFTER DELETE ON commits BEGIN
  DELETE FROM commit_search WHERE rowid = old.id;
  UPDATE search_marks SET last_id = old.id - 1 WHERE name = 'commits' AND last_id >= old.id;
END;

CREATE VIRTUAL TABLE prompt_search USING fts5(
  text, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2"
);
CREATE TRIGGER prompt_search_delete AFTER DELETE ON session_events WHEN old.kind = 'prompt' BEGIN
  DELETE FROM prompt_search WHERE rowid = old.id;
END;
CREATE TRIGGER event_mark_delete AFTER DELETE ON session_events BEGIN
  UPDATE search_marks SET last_id = old.id - 1 WHERE name = 'events' AND last_id >= old.id;
END;

-- Every file that a session edited, as its transcript spells it, with the edit that came last.
CREATE TABLE edited_files (
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL UNIQUE,
  event_id INTEGER NOT NULL
) STRICT;
CREATE VIRTUAL TABLE file_search USING fts5(
  path, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2"
);
CREATE TRIGGER file_search_insert AFTER INSERT ON edited_files BEGIN
  INSERT INTO file_search (rowid, path) VALUES (new.id, new.path);
END;
CREATE TRIGGER file_search_delete AFTER DELETE ON edited_files BEGIN
  DELETE FROM file_search WHERE rowid = old.id;
END;
`;

/** The schema. Times are Unix milliseconds, UTC; JSON columns hold what the named type describes. */
export const schema = `
-- What agents keep sessions in: files, databases. \`key\` tells a source apart from the others of its agent, and an equal
-- \`stamp\` says that it is unchanged; \`identity\` is what stays when it is moved. \`checkpoint\` is the reader's own JSON.
CREATE TABLE sources (
  id INTEGER PRIMARY KEY,
  agent TEXT NOT NULL,
  key TEXT NOT NULL,
  path TEXT NOT NULL,
  stamp TEXT NOT NULL,
  identity TEXT,
  bytes INTEGER NOT NULL DEFAULT 0,
  modified_at INTEGER NOT NULL DEFAULT 0,
  checkpoint TEXT,
  reader_version INTEGER NOT NULL,
  records INTEGER NOT NULL DEFAULT 0,
  skipped TEXT NOT NULL DEFAULT '{}',
  failure TEXT,
  gone_at INTEGER,
  UNIQUE (agent, key)
) STRICT;

CREATE TABLE projects (
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL
) STRICT;

CREATE TABLE sessions (
  id INTEGER PRIMARY KEY,
  agent TEXT NOT NULL,
  session_id TEXT NOT NULL,
  project_id INTEGER REFERENCES projects(id),
  title TEXT,
  first_message TEXT,
  last_message TEXT,
  started_at INTEGER,
  ended_at INTEGER,
  branch TEXT,
  models TEXT NOT NULL DEFAULT '[]',
  cwds TEXT NOT NULL DEFAULT '[]',
  tools TEXT NOT NULL DEFAULT '{}',
  forked_from TEXT,
  external_ids TEXT NOT NULL DEFAULT '[]',
  worktrees TEXT NOT NULL DEFAULT '[]',
  message_count INTEGER NOT NULL DEFAULT 0,
  prompt_count INTEGER NOT NULL DEFAULT 0,
  edit_count INTEGER NOT NULL DEFAULT 0,
  commit_count INTEGER NOT NULL DEFAULT 0,
  link_count INTEGER NOT NULL DEFAULT 0,
  lines_written INTEGER NOT NULL DEFAULT 0,
  lines_landed INTEGER NOT NULL DEFAULT 0,
  lines_undone INTEGER NOT NULL DEFAULT 0,
  lines_unlanded INTEGER NOT NULL GENERATED ALWAYS AS (lines_written - lines_landed - lines_undone) VIRTUAL,
  facts_version INTEGER NOT NULL DEFAULT 0,
  stale INTEGER NOT NULL DEFAULT 1,
  UNIQUE (session_id, agent)
) STRICT;
-- Sessions whose parts changed since they were last folded.
CREATE INDEX sessions_stale ON sessions(id) WHERE stale = 1;
CREATE INDEX sessions_with_worktrees ON sessions(id) WHERE worktrees <> '[]';
-- The columns behind the id let sessions of a range be counted within the index.
CREATE INDEX sessions_by_end
  ON sessions(ended_at, id, started_at, link_count, lines_written, lines_landed, lines_undone);
CREATE INDEX sessions_by_start ON sessions(started_at, id);
CREATE INDEX sessions_by_links ON sessions(link_count, id);
CREATE INDEX sessions_unlanded ON sessions(lines_landed, id) WHERE lines_unlanded > 0;
CREATE INDEX sessions_landed ON sessions(id) WHERE lines_landed > 0 AND lines_unlanded = 0;
CREATE INDEX sessions_by_messages ON sessions(message_count, id);
CREATE INDEX sessions_by_project ON sessions(project_id, ended_at, id);

-- What one file holds of one session: \`facts\` is a SessionPart without its messages, which stand in blocks and,
-- the last of them, in \`messages\`: all their uuids' hashes, then all their times, each a float64, little-endian.
CREATE TABLE session_parts (
  source_id INTEGER NOT NULL REFERENCES sources(id) ON DELETE CASCADE,
  session_id INTEGER NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  facts TEXT NOT NULL,
  messages BLOB NOT NULL,
  UNIQUE (source_id, session_id)
) STRICT;
CREATE INDEX session_parts_by_session ON session_parts(session_id);
CREATE INDEX session_parts_by_time ON session_parts(first_at, last_at, session_id);

-- The messages of a part of which there are many, but for the last: as \`messages\` above, 8,192 of them each.
CREATE TABLE message_blocks (
  id INTEGER PRIMARY KEY,
  session_id INTEGER NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
  source_id INTEGER NOT NULL REFERENCES sources(id) ON DELETE CASCADE,
  messages BLOB NOT NULL
) STRICT;
CREATE INDEX message_blocks_by_part ON message_blocks(session_id, source_id);

-- \`owned\` is 0 where another session held the message first. \`data\` is the event without what the columns hold.
CREATE TABLE session_events (
  id INTEGER PRIMARY KEY,
  session_id INTEGER NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
  source_id INTEGER NOT NULL REFERENCES sources(id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  message INTEGER NOT NULL,
  owned INTEGER NOT NULL DEFAULT 1,
  cwd TEXT,
  data TEXT NOT NULL,
  lines BLOB
) STRICT;
CREATE INDEX session_events_by_session ON session_events(session_id, at, id);
CREATE INDEX session_prompts ON session_events(session_id, at, id) WHERE kind = 'prompt';
CREATE INDEX session_commit_events ON session_events(session_id) WHERE kind = 'commit';
CREATE INDEX session_events_copied ON session_events(session_id) WHERE owned = 0;

-- Tokens that answers of models used. \`key\` is the answer's: of several records the largest counts. \`owned\` is 0 where
-- another session held the message first.
CREATE TABLE token_uses (
  session_id INTEGER NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
  key INTEGER NOT NULL,
  source_id INTEGER NOT NULL REFERENCES sources(id) ON DELETE CASCADE,
  message INTEGER NOT NULL,
  at INTEGER NOT NULL,
  model TEXT NOT NULL,
  input INTEGER NOT NULL,
  cache_read INTEGER NOT NULL,
  cache_write INTEGER NOT NULL,
  output INTEGER NOT NULL,
  owned INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (session_id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX token_uses_by_time ON token_uses(at, session_id);
CREATE INDEX token_uses_by_source ON token_uses(source_id);

CREATE TABLE activities (
  session_id INTEGER NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
  started_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL,
  PRIMARY KEY (session_id, started_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX activities_by_time ON activities(started_at, ended_at);

CREATE TABLE repositories (
  id INTEGER PRIMARY KEY,
  common_dir TEXT NOT NULL UNIQUE,
  path TEXT NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  object_format TEXT NOT NULL DEFAULT 'sha1',
  roots TEXT NOT NULL DEFAULT '[]',
  remotes TEXT NOT NULL DEFAULT '[]',
  user_email TEXT,
  own_addresses TEXT NOT NULL DEFAULT '[]',
  default_branch TEXT,
  fingerprint TEXT,
  scanned_since INTEGER,
  last_scanned_at INTEGER,
  last_outcome TEXT,
  failure_code TEXT,
  failure_message TEXT,
  excluded INTEGER NOT NULL DEFAULT 0,
  facts_version INTEGER NOT NULL DEFAULT 0,
  links_fingerprint TEXT,
  public_id TEXT UNIQUE,
  slug TEXT UNIQUE
) STRICT;

-- What refs named when the commits were last brought up to date: hashes, one a line. Apart, since they may be many.
CREATE TABLE repository_tips (
  repository_id INTEGER PRIMARY KEY REFERENCES repositories(id) ON DELETE CASCADE,
  tips TEXT NOT NULL
) STRICT;

-- Every folder a session worked in. \`repository_id\` is null where no repository was found; \`outcome\` says why.
-- \`root\` is the worktree's folder in its canonical spelling, \`inside\` the folder as seen from it.
CREATE TABLE repository_paths (
  path TEXT PRIMARY KEY,
  repository_id INTEGER REFERENCES repositories(id) ON DELETE SET NULL,
  outcome TEXT NOT NULL,
  root TEXT,
  inside TEXT NOT NULL DEFAULT '',
  checked_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX repository_paths_by_repository ON repository_paths(repository_id);

-- Folders that lead to no repository by themselves, placed by what sessions printed there or said of their worktrees.
CREATE TABLE placed_folders (
  path TEXT PRIMARY KEY,
  repository_id INTEGER NOT NULL REFERENCES repositories(id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE repository_aliases (
  old_path TEXT PRIMARY KEY,
  new_path TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- \`reachable\` is 0 once no ref holds the commit any more: it stays, since a session may have printed it.
-- Were its repository looked for at once, a statement that adds many could fail half way, and SQLite would copy each page
-- aside before writing to it.
CREATE TABLE commits (
  id INTEGER PRIMARY KEY,
  repository_id INTEGER NOT NULL
    REFERENCES repositories(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  hash TEXT NOT NULL,
  parents TEXT NOT NULL,
  author_at INTEGER NOT NULL,
  committer_at INTEGER NOT NULL,
  author_name TEXT NOT NULL,
  author_email TEXT NOT NULL,
  committer_email TEXT NOT NULL,
  subject TEXT NOT NULL,
  trailers TEXT NOT NULL DEFAULT '[]',
  reachable INTEGER NOT NULL DEFAULT 1,
  by_others INTEGER NOT NULL DEFAULT 0,
  link_count INTEGER NOT NULL DEFAULT 0,
  best_tier INTEGER,
  UNIQUE (repository_id, hash)
) STRICT;
-- The last three columns let lists be filtered and counted within the index.
CREATE INDEX commits_by_time ON commits(author_at, id, reachable, by_others, best_tier);
CREATE INDEX commits_unreachable ON commits(id) WHERE reachable = 0;
CREATE INDEX commits_by_repository_time
  ON commits(repository_id, author_at, id, reachable, by_others, best_tier);

CREATE TABLE session_commits (
  session_id INTEGER NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
  commit_id INTEGER NOT NULL REFERENCES commits(id) ON DELETE CASCADE,
  tier INTEGER NOT NULL,
  confidence REAL NOT NULL,
  share REAL,
  evidence TEXT NOT NULL,
  PRIMARY KEY (commit_id, session_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX session_commits_by_session ON session_commits(session_id, commit_id, tier);
-- Links also go with their commit or session, so that only the table itself can keep the count.
CREATE TRIGGER link_count_insert AFTER INSERT ON session_commits BEGIN
  UPDATE sessions SET link_count = link_count + 1 WHERE id = new.session_id;
END;
CREATE TRIGGER link_count_delete AFTER DELETE ON session_commits BEGIN
  UPDATE sessions SET link_count = link_count - 1 WHERE id = old.session_id;
END;

-- Which lines of the commit's version of a file a session's edit wrote: first and last line, from 1.
CREATE TABLE line_ranges (
  commit_id INTEGER NOT NULL REFERENCES commits(id) ON DELETE CASCADE,
  path TEXT NOT NULL,
  first_line INTEGER NOT NULL,
  last_line INTEGER NOT NULL,
  session_id INTEGER NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
  event_id INTEGER REFERENCES session_events(id) ON DELETE SET NULL,
  PRIMARY KEY (commit_id, path, first_line)
) STRICT, WITHOUT ROWID;
CREATE INDEX line_ranges_by_session ON line_ranges(session_id);

-- What a commit changes, as far as linking has read it: its paths only (level 0), its lines (1), its lines with renamed
-- files among them (3), nothing since git could not read it (2), the lines of those files whose objects were there (4).
CREATE TABLE commit_changes (
  commit_id INTEGER PRIMARY KEY REFERENCES commits(id) ON DELETE CASCADE,
  level INTEGER NOT NULL,
  data BLOB NOT NULL
) STRICT;
-- What is to be read again once objects came.
CREATE INDEX incomplete_changes ON commit_changes(commit_id) WHERE level IN (2, 4);

-- The sessions that were weighed for a commit and not linked, as JSON, the surest first.
CREATE TABLE link_considerations (
  commit_id INTEGER PRIMARY KEY REFERENCES commits(id) ON DELETE CASCADE,
  considered TEXT NOT NULL
) STRICT;

-- Where a session worked, as its facts of \`facts_version\` say: \`folders\` is every folder it named or stood in.
-- \`resolved\` is 0 until they have led to \`session_repositories\`; \`location\` tells where they lay then, as one number.
CREATE TABLE session_folders (
  session_id INTEGER PRIMARY KEY REFERENCES sessions(id) ON DELETE CASCADE,
  facts_version INTEGER NOT NULL,
  folders TEXT NOT NULL,
  resolved INTEGER NOT NULL DEFAULT 0,
  location INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX session_folders_unresolved ON session_folders(session_id) WHERE resolved = 0;

CREATE TABLE session_repositories (
  session_id INTEGER NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
  repository_id INTEGER NOT NULL REFERENCES repositories(id) ON DELETE CASCADE,
  PRIMARY KEY (session_id, repository_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX session_repositories_by_repository ON session_repositories(repository_id, session_id);

CREATE TABLE sync_runs (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  indexed_at INTEGER,
  ended_at INTEGER,
  outcome TEXT NOT NULL,
  repos_scanned INTEGER NOT NULL DEFAULT 0,
  total_repos INTEGER NOT NULL DEFAULT 0,
  commits_found INTEGER NOT NULL DEFAULT 0,
  links_created INTEGER NOT NULL DEFAULT 0,
  error TEXT,
  failures TEXT NOT NULL DEFAULT '[]'
) STRICT;

CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
${linking}${surviving}${search}`;
