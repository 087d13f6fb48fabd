import { COMMIT_STATES } from "../../store/views/commit_list.ts";
import { LANDED } from "../../store/views/landed_counts.ts";
import { SESSION_SORTS } from "../../store/views/session_list.ts";
import { inPath, type Operation, PAGE, query, read } from "./operation.ts";
import { COUNT, FLAG, pageOf, ref, type Schema, TEXT, TIER } from "./schema.ts";

const WORDS: Schema = { type: "string", maxLength: 200 };
const RANGE = [
  query("from", TEXT, "A date (in `timeZone`) or a time with its zone, inclusive."),
  query("to", TEXT, "A date (to its end) or a time with its zone, inclusive."),
  query("timeZone", TEXT, "Where days begin, such as Europe/Berlin. Default UTC."),
];
const REPOSITORY = query("repository", COUNT, "The number of a repository.");
const ORDER = query("order", { enum: ["asc", "desc"] }, "Default desc.");
const LANDED_PARAM = query(
  "landed",
  { enum: LANDED },
  "How many of the lines written are in a commit; missing: none or some.",
);
const SESSION_FILTER = [
  ...PAGE,
  query("repository", COUNT, "Sessions that worked in it."),
  query("text", WORDS, "Words of the title or first message, or the start of an id."),
  query("hasCommits", FLAG, "Whether the session has links."),
  LANDED_PARAM,
  ...RANGE,
  query("sort", { enum: SESSION_SORTS }, "Default ended."),
  ORDER,
];

/** Addresses that read what is stored. */
export const READ_PATHS: Record<string, { get: Operation }> = {
  "/api/stats/dashboard": read("Totals, activity by day, coverage and the newest links.", {
    parameters: [...RANGE, REPOSITORY],
    gives: ref("Dashboard"),
  }),
  "/api/projects": read("Folders that sessions were started in.", {
    parameters: PAGE,
    gives: pageOf(ref("Project")),
  }),
  "/api/projects/{id}/sessions": read("Sessions of a project.", {
    parameters: [inPath("id", COUNT, "The project's number."), ...SESSION_FILTER],
    gives: pageOf(ref("Session")),
    missing: "No project has this number.",
  }),
  "/api/sessions": read("Sessions.", {
    parameters: [...SESSION_FILTER, query("project", COUNT, "The number of a project.")],
    gives: pageOf(ref("Session")),
  }),
  "/api/sessions/{id}": read("A session with its prompts, commits and transcripts.", {
    parameters: [
      inPath("id", TEXT, "The session's id."),
      query("prompts", COUNT, "How many prompts to skip, as nextPrompts said."),
    ],
    gives: ref("SessionDetail"),
    missing: "No session has this id.",
  }),
  "/api/commits": read("Commits that a branch or tag holds, by author time.", {
    parameters: [
      ...PAGE,
      query("state", { enum: COMMIT_STATES }, "How the commit came about."),
      REPOSITORY,
      query("author", WORDS, "Words of the author's name and e-mail address."),
      query("text", WORDS, "Words of the subject, or the start of a hash."),
      ...RANGE,
      ORDER,
    ],
    gives: pageOf(ref("Commit")),
  }),
  "/api/commits/{hash}": {
    get: withAmbiguous(
      read("A commit with its sessions and the evidence for each.", {
        parameters: [
          inPath("hash", TEXT, "The hash, or a start of it of 4 digits at least."),
          query("repository", COUNT, "Which repository is meant where several hold the commit."),
        ],
        gives: ref("CommitDetail"),
        missing: "No commit has this hash.",
      }).get,
    ),
  },
  "/api/commits/{hash}/explanation": {
    get: withAmbiguous(
      read("Why a commit is linked with its sessions, and why not with others.", {
        parameters: [
          inPath("hash", TEXT, "The hash, or a start of it of 4 digits at least."),
          query("repository", COUNT, "Which repository is meant where several hold the commit."),
        ],
        gives: ref("Explanation"),
        missing: "No commit has this hash.",
      }).get,
    ),
  },
  "/api/repositories": read("Repositories with their counts, folders and last scan.", {
    parameters: PAGE,
    gives: pageOf(ref("Repository")),
  }),
  "/api/links": read("Links between sessions and commits, with their evidence.", {
    parameters: [...PAGE, REPOSITORY, query("tier", TIER)],
    gives: pageOf(ref("Link")),
  }),
  "/api/edits": read("What sessions wrote, file by file, and how much of it is in a commit.", {
    parameters: [
      ...PAGE,
      REPOSITORY,
      query("session", WORDS, "A session's id."),
      LANDED_PARAM,
      ...RANGE,
    ],
    gives: pageOf(ref("Edit")),
  }),
  "/api/search": read("Sessions, commits, files and prompts that hold words.", {
    parameters: [
      query("q", WORDS, "Words, each taken as the start of one; or the start of a hash or id."),
      query("limit", { type: "integer", minimum: 1, maximum: 50 }, "How many of each. Default 8."),
    ],
    gives: ref("SearchResult"),
  }),
  "/api/loom": read("Sessions, commits and links as the loom draws them, column by column.", {
    parameters: [
      ...RANGE,
      REPOSITORY,
      query("project", COUNT, "Sessions of a project, and commits where they worked."),
    ],
    gives: ref("Loom"),
  }),
  "/api/openapi.json": read("This description.", { gives: { type: "object" } }),
};

function withAmbiguous(operation: Operation): Operation {
  const ambiguous = {
    description: "Several commits start with this.",
    content: { "application/json": { schema: ref("Error") } },
  };
  return { ...operation, responses: { ...operation.responses, "409": ambiguous } };
}
