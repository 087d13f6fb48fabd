/**
 * The full-text indexes. They hold words only: what a hit shows is read from its own table.
 *
 * A session's words change in place and are kept by triggers. Commits and events come by the ten thousand, and a
 * trigger for each would double the time of a scan: `refreshSearch` (search_index.ts) takes them in at the end of a
 * sync, all beyond the mark. Rows that are deleted lower the mark, since SQLite may give their ids anew.
 */
export const searchSchema = `
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
