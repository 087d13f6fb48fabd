import type { Story } from "../story.ts";

/** How the team runs things, in Markdown. */
export const handbook: Story = {
  name: "handbook",
  check: "npx markdownlint '**/*.md'",
  release: { path: "VERSION", before: "handbook ", after: "" },
  dependencies: { path: "package.json", lines: ['"markdownlint-cli": "0.41.', '"cspell": "8.13.'] },
  first: {
    "README.md": `# Handbook

How we work and what to do when something breaks.
`,
    "VERSION": `handbook 0.1.0
`,
    "package.json": `{
  "private": true,
  "devDependencies": {
    "markdownlint-cli": "0.41.0",
    "cspell": "8.13.0"
  }
}
`,
  },
  steps: [{
    subject: "Add runbook for a stale tide feed",
    ask:
      "Turn the notes from Tuesday's incident into a runbook: symptoms, first checks, who to call. Keep it to one screen.",
    edits: [{
      path: "runbooks/stale-tides.md",
      text: `# Tide heights are stale

**Symptom.** The map shows yesterday's curve, or the page says "prediction older than 6 h".

1. Is tidemark up? Its health page answers within 100 ms.
2. When did sounding last publish? The file surge.json carries its time.
3. If sounding is late, restart the hourly job and watch one run.

Call Jonas if the second restart does not help.
`,
    }],
  }, {
    subject: "Explain how we review",
    ask:
      "Write down how we do reviews, the way Jonas and I described it in the channel: small, same day, questions before demands.",
    edits: [{
      path: "working/reviews.md",
      text: `# Reviews

A review is a conversation about one idea. If a change holds two ideas, it becomes two reviews.

- Answer on the same day, even if the answer is "tomorrow morning".
- Ask before you demand: the author has seen more of the problem than you.
- Approve when it is better than what is there, not when it is what you would have written.
`,
    }],
  }, {
    subject: "On-call: what to hand over",
    ask:
      "We lost context at the last handover. Add a page with the five things the next person must know.",
    edits: [{
      path: "working/on-call.md",
      text: `# Handing over on-call

Five things, in writing, before noon on Monday:

1. What is on fire, and what was on fire.
2. What you silenced, and until when.
3. Which deploys are half done.
4. Which customer is waiting for an answer.
5. What you would do next.
`,
    }],
  }, {
    subject: "Runbook: timetable feed is empty",
    ask: "ferry now refuses empty feeds. Add the runbook for that alert.",
    edits: [{
      path: "runbooks/empty-feed.md",
      text: `# An operator's feed is empty

ferry refuses an empty feed and keeps the last timetable, so passengers see nothing wrong yet.

1. Look at the feed's address in a browser. Empty there too: write to the operator.
2. Full there: run ferry check once by hand and read the first line of its output.
`,
    }],
  }, {
    subject: "Fix the phone list",
    ask: "Jonas has a new number; also the harbour office moved to extension 40.",
    edits: [{
      path: "runbooks/phones.md",
      text: `# Phones

| who | extension |
|---|---|
| Harbour office | 40 |
| Jonas | 17 |
| Mara | 12 |
`,
    }],
  }, {
    subject: "Say when we deploy",
    ask: "Write the deployment page: when, who, how to roll back. Fridays only before noon.",
    edits: [{
      path: "working/deploying.md",
      text: `# Deploying

Monday to Thursday until 16:00, Friday until noon. Whoever merges, deploys, and watches the graphs for
a quarter of an hour. To roll back, deploy the tag before: nothing we run needs a migration to go back.
`,
    }],
  }, {
    subject: "Runbook: the map stays blank",
    ask: "Three support tickets about a blank map turned out to be the ad blocker. Write it down.",
    edits: [{
      path: "runbooks/blank-map.md",
      text: `# The map stays blank

Most often a content blocker swallows the tiles: the console shows blocked requests to tiles.harbor.example.
Ask for a private window first. If it is blank there too, look at the tile server's disk.
`,
    }],
  }, {
    subject: "Glossary of tide words",
    ask: "New people trip over neap, spring and datum. Add a glossary, one line each.",
    edits: [{
      path: "glossary.md",
      text: `# Words

- **datum**: the level that heights are measured from; ours is lowest astronomical tide.
- **neap**: the small tides around the half moon.
- **spring**: the large tides around new and full moon.
- **surge**: what the weather adds to the tide, or takes from it.
`,
    }],
  }, {
    subject: "How we name things",
    ask: "A page on naming: branches, tags, alerts.",
    edits: [{
      path: "working/names.md",
      text: `# Names

Branches say what they change (surge-forecast), tags are versions (v0.4.0), alerts are sentences
(tide heights are stale). Nobody should need a legend.
`,
    }],
  }, {
    subject: "Runbook: depth charts disagree",
    ask: "Summarise yesterday's session about the depth charts into a runbook.",
    edits: [{
      path: "runbooks/depths.md",
      text: `# Depth charts disagree with the echo sounder

1. Check the datum: charts are below lowest astronomical tide, sounders show water under the keel.
2. Check the tide at the time of the sounding.
3. Still more than 20 cm: mark the cell as suspect in sounding, which keeps it off the map.
`,
    }],
  }, {
    subject: "Runbook: phones at night",
    ask: "Night calls go to the pager first. One line on top of the phone list.",
    edits: [{
      path: "runbooks/phones.md",
      instead: `# Phones
`,
      text: `# Phones

Between 20:00 and 07:00 ring the pager first, extension 99.
`,
    }],
  }, {
    subject: "Deploying: say it in the channel",
    ask: "Add to the deploy page that we announce before and after.",
    edits: [{
      path: "working/deploying.md",
      text: `
Say in the channel what you deploy before you start, and that it is done when it is.
`,
    }],
  }, {
    subject: "Reviews: who decides",
    ask:
      "We argued about this twice now. Write it down: the author decides, unless it is hard to undo.",
    edits: [{
      path: "working/reviews.md",
      text: `
When you don't agree, the author decides, unless the change is hard to undo: then the two of you ask a third.
`,
    }],
  }],
};
