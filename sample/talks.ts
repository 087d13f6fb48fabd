import type { Scene } from "./story.ts";

/** Sessions that made no commit, and two folders that are no working repository any more. */
export const TALKS: Scene[] = [
  {
    kind: "talk",
    repo: "tidemark",
    day: 66,
    at: "16:10",
    title: "Which constituents matter at Brest?",
    turns: [
      {
        ask:
          "Which of the 37 constituents contribute more than 5 cm at Brest? Just tell me, don't change anything.",
        answer:
          "Nine of them: M2, S2, N2, K2, MU2, NU2, L2, K1 and O1. M2 alone is 2.05 m; everything after O1 stays below 5 cm.",
      },
      {
        ask: "And would leaving the rest out show on the map?",
        answer:
          "No. The largest difference over a year is 17 cm, at springs near the equinox, and the curve's line is wider than that.",
      },
    ],
  },
  {
    kind: "talk",
    repo: "ferry",
    day: 40,
    at: "17:00",
    title: "Why is the diff empty on Sundays?",
    turns: [{
      ask:
        "The report is empty every Sunday although operator B changes its timetable then. Have a look why.",
      answer:
        "Operator B publishes at 23:50 on Saturday, ten minutes before our nightly run stores the timetable, so the Sunday run compares the new timetable with itself. Checking at 22:00 would see the change.",
    }],
  },
  {
    kind: "talk",
    repo: "harbor-web",
    day: 30,
    at: "10:00",
    title: "Try the curve on a canvas",
    turns: [{
      ask:
        "Try the tide curve on a canvas instead of SVG and tell me whether it's faster. Throw it away afterwards.",
      answer:
        "On the canvas a redraw takes 0.4 ms, as SVG 0.9 ms; with one curve a page nobody will notice. I have removed the experiment.",
      edit: {
        path: "src/canvas_curve.ts",
        text:
          'export function drawCurve(canvas: HTMLCanvasElement, points: [number, number][]) {\n  const pen = canvas.getContext("2d")!;\n  pen.beginPath();\n  for (const [x, y] of points) pen.lineTo(x, y);\n  pen.stroke();\n}\n',
      },
    }],
  },
  {
    kind: "talk",
    repo: "sounding",
    day: 13,
    at: "09:30",
    title: "Reading the August survey",
    turns: [{
      ask:
        "Explain the stripes in the August survey south of the breakwater. Is it the data or the gridding?",
      answer:
        "The data: the stripes follow the boat's track, and odd tracks are 12 cm deeper than even ones. That is the boat's squat when it ran with the current.",
    }],
  },
  {
    kind: "talk",
    repo: "moorings",
    day: 58,
    at: "15:30",
    title: "Free moorings by length",
    turns: [{
      ask: "Add a function that lists free moorings by the length of the boat.",
      answer: "Done: freeMoorings takes a length and gives the shortest mooring that fits first.",
      edit: {
        path: "moorings.ts",
        text:
          "export function freeMoorings(moorings: Mooring[], length: number): Mooring[] {\n  return moorings\n    .filter((it) => it.boat === null && it.metres >= length)\n    .toSorted((a, b) => a.metres - b.metres);\n}\n",
      },
    }],
  },
  {
    kind: "talk",
    repo: "moorings",
    day: 16,
    at: "11:20",
    title: "git says the config is broken",
    turns: [{
      ask: "git status fails here since the laptop crashed. What is wrong?",
      answer:
        "The repository's config file was cut off in the middle of a line, so git refuses to read it. The objects look complete: restoring the config from the backup should be enough.",
    }],
  },
  {
    kind: "talk",
    repo: "spike-buoys",
    day: 37,
    at: "13:10",
    title: "Spike: positions from the buoys",
    turns: [{
      ask:
        "Quick spike, not in git: read the buoys' positions from the serial log and print the ones that drifted more than 30 m.",
      answer:
        "drift.py reads the log and prints two buoys, number 4 with 41 m and number 11 with 36 m.",
      edit: {
        path: "drift.py",
        text:
          "LIMIT_METRES = 30\n\n\ndef drifted(moved: dict[int, float]) -> list[int]:\n    return sorted(buoy for buoy, metres in moved.items() if metres > LIMIT_METRES)\n",
      },
    }],
  },
];
