/** How each number that pages show was counted, in one sentence a reader can check. */
export const METRIC_HELP = {
  sessions: "Conversations with an id of their own, forks and resumed copies included.",
  sessionsInRange: "Sessions with a message in this range.",
  projects: "Folders that sessions were started in.",
  repositories:
    "Git common directories that sessions worked in; all worktrees of one count as one repository.",
  commits: "Commits that a branch or tag holds, since the earliest session.",
  commitsInRange: "Commits that a branch or tag holds, by the time their author made them.",
  linked: "Commits with at least one session.",
  unlinked:
    "Commits of yours that no session is linked with: made by hand, or by a tool that left no trace.",
  byHand:
    "Commits of yours without a session where nothing speaks for one: made by hand, or by a tool that left no trace.",
  unknown:
    "Commits of yours without a session where something speaks for one, but too little to link them.",
  elsewhere: "Commits by other people without a session. Coverage leaves them out.",
  coverage:
    "Commits with a session, of all commits of yours: commits by other people are left out.",
  tier1:
    "Commits whose link was recorded: printed by the session, named in the commit, or made by its command.",
  tier2: "Commits whose link was inferred from lines, files and times.",
  links: "Pairs of a session and a commit. A commit may have several sessions.",
  activeTime:
    "The length of all activities: stretches of a session without a pause over 30 minutes.",
  activeTimeOfRepository:
    "The length of all activities in this range of sessions that worked in the repository. A session that worked in two counts in both.",
  sessionsWithCommits: "Sessions linked with at least one commit, of all sessions.",
  messages: "Messages of you and the agent, each counted once however often its source repeats it.",
  prompts: "Messages that you wrote.",
  edits: "Edits of files by the session's tools.",
  editedFiles:
    "Files of a repository that a session's edits wrote lines in, once for each session.",
  landed: "Edits of which at least one line is in a commit linked with this session.",
  linesWritten:
    "Different lines that sessions wrote in files of a repository; each counts once a session and file. Lines with fewer than eight letters and digits, lines of generated files and of lock files are left out.",
  linesLanded:
    "Lines that a commit of a branch or tag has, in the same file or moved to another one, whoever made the commit.",
  linesSuperseded: "Lines in no commit that the session itself took away again.",
  linesNotLanded:
    "Lines in no commit that the session left standing: never committed, not committed yet, or replaced by other hands before they were.",
  commitsOfSession: "Commits linked with this session.",
  sessionsOfProject: "Sessions that were started in this folder.",
  sessionsOfRepository: "Sessions that were started in one of this repository's folders.",
  skippedLines: "Lines of the session's sources that could not be used, such as half-written ones.",
  confidence:
    "How surely session and commit belong together, from all the evidence for this commit.",
  standing:
    "Lines that sessions' edits wrote, as far as they were committed in the history of what is checked out, and that its files still have. Counted by git blame after each sync.",
  recorded: "Somebody or something recorded that they belong together.",
  inferred: "That they belong together was inferred from lines, files and times.",
  link:
    "How surely commit and session belong together, from all the evidence for the commit. A solid thread was recorded, a dashed one inferred.",
  linesWrittenOfFile: "Added lines whose text an edit of a session wrote, before the commit.",
  share: "The share of the commit's added lines that this session's edits wrote.",
} as const;

/** The name of a number in {@linkcode METRIC_HELP}. */
export type MetricHelp = keyof typeof METRIC_HELP;
