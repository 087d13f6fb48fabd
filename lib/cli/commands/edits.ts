import { LANDED, type Landed } from "../../domain/links.ts";
import { everyEdit } from "../../queries/links.ts";

import type { EditSummary } from "../../store/shapes.ts";
import { type Command, EXIT, type Flags, UsageError } from "../command.ts";
import { LIST_FLAGS, openReading, repositoryOf, wantsJson } from "../reading.ts";

/** `ascribe edits` */
export const edits: Command = {
  name: "edits",
  summary: "Print what sessions wrote, file by file, and how much of it is in a commit",
  usage:
    "edits [--landed missing|none|some|all] [--session ID] [--repository NAME] [--format text|json]",
  details:
    "Prints the files, the last edit first: lines that landed in a commit of those written,\n" +
    "lines that the session took back and lines that never landed. As JSON each is a line of its own.",
  flags: {
    ...LIST_FLAGS,
    "landed": {
      type: "string",
      value: "HOW",
      help: "none, some or all of the lines are in a commit; missing: none or some",
    },
    "session": { type: "string", value: "ID", help: "one session, by its id" },
  },
  words: { min: 0, max: 0 },
  async run({ flags, config, output }) {
    const json = wantsJson(flags);
    const landed = landedOf(flags);
    using context = openReading(config);
    const repository = await repositoryOf(context, flags.text("repository"));
    const input = { landed, session: flags.text("session"), repository };
    for await (const edit of everyEdit.run(context, input)) {
      output.print(json ? JSON.stringify(edit) : editLine(edit));
    }
    return EXIT.ok;
  },
};

function editLine(edit: EditSummary): string {
  const { lastEditAt, linesWritten, linesLanded, linesSuperseded, linesNotLanded } = edit;
  const counts =
    `${linesLanded} of ${linesWritten} landed, ${linesSuperseded} taken back, ${linesNotLanded} not landed`;
  const { session, repository, path } = edit;
  return `${lastEditAt}  ${session.sessionId}  ${repository.path}  ${path}  ${counts}`;
}

function landedOf(flags: Flags): Landed | undefined {
  const said = flags.text("landed");
  const landed = LANDED.find((one) => one === said);
  if (said === undefined || landed !== undefined) return landed;
  throw new UsageError(`--landed must be one of ${LANDED.join(", ")}, not ${JSON.stringify(said)}`);
}
