import { LANDED, type Landed } from "../../domain/links.ts";
import { everyEdit } from "../../queries/links.ts";

import type { EditSummary } from "../../store/shapes.ts";
import { type Command, EXIT, type Flags, UsageError } from "../command.ts";
import {
  LIST_FLAGS,
  openReading,
  type Pages,
  pagesOf,
  repositoryOf,
  wantsJson,
} from "../reading.ts";
import { type Cell, type Column, printTable } from "../table.ts";

/** `ascribe edits` */
export const edits: Command = {
  name: "edits",
  summary: "Print what sessions wrote, file by file, and how much of it is in a commit",
  usage:
    "edits [--landed missing|none|some|all] [--session ID] [--repository NAME|.] [--format text|json]",
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
  async run(call) {
    const { flags, config, output } = call;
    const json = wantsJson(flags);
    const landed = landedOf(flags);
    using context = openReading(call);
    const repository = await repositoryOf(context, flags.text("repository"));
    const input = { landed, session: flags.text("session"), repository };
    const found = everyEdit.run(context, input);
    if (json) { for await (const edit of found) output.print(JSON.stringify(edit)); }
    else await printTable(output, COLUMNS, rowsOf(found, pagesOf(config)));
    return EXIT.ok;
  },
};

const COLUMNS: readonly Column[] = [
  { head: "Last edit" },
  { head: "Session", style: "session" },
  { head: "Repository" },
  { head: "File" },
  { head: "Landed" },
  { head: "Undone" },
  { head: "Never landed" },
];

async function* rowsOf(edits: AsyncIterable<EditSummary>, pages: Pages): AsyncGenerator<Cell[]> {
  for await (const edit of edits) {
    const { session: { sessionId }, repository, linesLanded, linesWritten } = edit;
    yield [
      edit.lastEditAt,
      { text: sessionId, href: pages.session(sessionId) },
      repository.path,
      edit.path,
      `${linesLanded} of ${linesWritten} landed`,
      `${edit.linesSuperseded} undone`,
      `${edit.linesNotLanded} not landed`,
    ];
  }
}

function landedOf(flags: Flags): Landed | undefined {
  const said = flags.text("landed");
  const landed = LANDED.find((one) => one === said);
  if (said === undefined || landed !== undefined) return landed;
  throw new UsageError(`--landed must be one of ${LANDED.join(", ")}, not ${JSON.stringify(said)}`);
}
