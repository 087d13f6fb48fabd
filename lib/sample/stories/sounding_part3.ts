import type { Step } from "../story.ts";

/** What happens to sounding after the steps before it, part 3 of 3. */
export const soundingPart3: Step[] = [{
  subject: "test(grid): an even count takes the middle of two",
  ask: "fast_grid with two soundings in one cell must give their mean. Add the test.",
  edits: [{
    path: "tests/test_fast_grid.py",
    text: `import numpy as np

from sounding.fast_grid import medians


def test_an_even_count_takes_the_middle_of_two():
    keys = np.array([[1, 1], [1, 1], [2, 5]])
    cells, depths, counts = medians(keys, np.array([4.0, 6.0, 9.0]))
    assert cells.tolist() == [[1, 1], [2, 5]]
    assert depths.tolist() == [5.0, 9.0]
    assert counts.tolist() == [2, 1]
`,
  }],
}, {
  subject: "feat(surge): never below what the pressure alone gives",
  ask:
    "Offshore wind makes from_wind negative in the model but we don't trust it. Clip the wind part at zero.",
  edits: [{
    path: "sounding/surge.py",
    text: `
def surge(hpa: float, wind: float, fetch_metres: float, depth_metres: float) -> float:
    """What the weather adds to the tide, in metres; offshore winds count as none."""
    return from_pressure(hpa) + max(0.0, from_wind(wind, fetch_metres, depth_metres))
`,
  }],
}, {
  subject: "feat(job): use the clipped surge",
  ask: "Let the job use surge() instead of the two parts.",
  edits: [{
    path: "sounding/job.py",
    instead:
      `            "metres": round(from_pressure(hour["hpa"]) + from_wind(hour["wind"], station["fetch"], station["depth"]), 2),
`,
    text:
      `            "metres": round(surge(hour["hpa"], hour["wind"], station["fetch"], station["depth"]), 2),
`,
  }, {
    path: "sounding/job.py",
    instead: `from sounding.surge import from_pressure, from_wind
`,
    text: `from sounding.surge import surge
`,
  }],
}, {
  subject: "feat(survey): which cells are older than five years",
  ask: "Add stale_cells(surveyed, today) so the map can grey out old surveys.",
  edits: [{
    path: "sounding/survey.py",
    text: `from datetime import date, timedelta

FIVE_YEARS = timedelta(days=5 * 365)


def stale_cells(surveyed: dict[tuple[int, int], date], today: date) -> list[tuple[int, int]]:
    """Cells whose last survey is more than five years old, in order."""
    return sorted(cell for cell, day in surveyed.items() if today - day > FIVE_YEARS)
`,
  }],
}, {
  subject: "fix(publish): readable by the web server",
  ask: "mkstemp makes 0600 files and nginx answers 403. chmod 0644 before the rename.",
  edits: [{
    path: "sounding/publish.py",
    instead: `    os.replace(temporary, path)
`,
    text: `    os.chmod(temporary, 0o644)
    os.replace(temporary, path)
`,
  }],
}];
