/** The tables of the first schema that count which lines of sessions still stand. They are filled after runs, not by them. */
export const standingSchema = `
-- Which version of a repository its written lines were last counted in, and from what.
CREATE TABLE standing_counts (
  repository_id INTEGER PRIMARY KEY REFERENCES repositories(id) ON DELETE CASCADE,
  counted_from TEXT NOT NULL,
  head TEXT,
  failure TEXT
) STRICT;

-- How many lines of a commit a session wrote, and how many of them stand in that version. Only of commits in its history.
CREATE TABLE standing_lines (
  commit_id INTEGER NOT NULL REFERENCES commits(id) ON DELETE CASCADE,
  session_id INTEGER NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
  written INTEGER NOT NULL,
  standing INTEGER NOT NULL,
  PRIMARY KEY (commit_id, session_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX standing_lines_by_session ON standing_lines(session_id);

-- Files of that version, with the stored commits that their lines came with: a file is not looked at twice. Lines from
-- before \`since\` have none, and neither has a file that was \`skipped\`, for a reason of lib/git/standing.ts.
CREATE TABLE standing_files (
  id INTEGER PRIMARY KEY,
  repository_id INTEGER NOT NULL REFERENCES repositories(id) ON DELETE CASCADE,
  path TEXT NOT NULL,
  blob TEXT NOT NULL,
  since INTEGER NOT NULL,
  skipped TEXT,
  UNIQUE (repository_id, path)
) STRICT;
CREATE INDEX standing_files_skipped ON standing_files(repository_id, skipped) WHERE skipped IS NOT NULL;
CREATE TABLE standing_groups (
  file_id INTEGER NOT NULL REFERENCES standing_files(id) ON DELETE CASCADE,
  commit_id INTEGER NOT NULL REFERENCES commits(id) ON DELETE CASCADE,
  path TEXT NOT NULL,
  first_line INTEGER NOT NULL,
  last_line INTEGER NOT NULL
) STRICT;
CREATE INDEX standing_groups_by_file ON standing_groups(file_id);
CREATE INDEX standing_groups_by_commit ON standing_groups(commit_id);
`;
