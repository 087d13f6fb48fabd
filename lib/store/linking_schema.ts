/** What linking finds besides links: copies of commits, and what came of the lines that sessions wrote. */
export const linkingSchema = `
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
  superseded INTEGER NOT NULL,
  uncounted INTEGER NOT NULL,
  unlanded INTEGER NOT NULL GENERATED ALWAYS AS (written - landed - superseded) VIRTUAL,
  UNIQUE (session_id, repository_id, path)
) STRICT;
CREATE INDEX written_files_by_time ON written_files(last_at, id, landed, unlanded);
-- The last columns let a repository's lines be added up, and its files be filtered, within the index.
CREATE INDEX written_files_by_repository
  ON written_files(repository_id, last_at, id, written, landed, superseded, unlanded);
CREATE INDEX unlanded_files ON written_files(last_at, id, landed) WHERE unlanded > 0;
CREATE INDEX landed_files ON written_files(last_at, id) WHERE landed > 0 AND unlanded = 0;

CREATE TRIGGER written_files_insert AFTER INSERT ON written_files BEGIN
  UPDATE sessions SET lines_written = lines_written + new.written, lines_landed = lines_landed + new.landed,
    lines_superseded = lines_superseded + new.superseded WHERE id = new.session_id;
END;
CREATE TRIGGER written_files_update AFTER UPDATE OF written, landed, superseded ON written_files BEGIN
  UPDATE sessions SET lines_written = lines_written + new.written - old.written,
    lines_landed = lines_landed + new.landed - old.landed,
    lines_superseded = lines_superseded + new.superseded - old.superseded WHERE id = new.session_id;
END;
CREATE TRIGGER written_files_delete AFTER DELETE ON written_files BEGIN
  UPDATE sessions SET lines_written = lines_written - old.written, lines_landed = lines_landed - old.landed,
    lines_superseded = lines_superseded - old.superseded WHERE id = old.session_id;
END;
`;
